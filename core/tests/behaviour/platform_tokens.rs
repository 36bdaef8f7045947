//! What a platform of a test's own signs, and the keys that verify it.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use serde_json::{Value, json};

use crate::sandbox::PLATFORM_KEY;

/// The answer of a token endpoint at this host, with the tokens `access-2` and `refresh-2`.
pub fn fresh_tokens(host: &str) -> String {
    let token = |value: &str| json!({ "value": value, "expires_on": 4_102_444_800_u64 });
    let claims = json!({ "access_token": token("access-2"), "refresh_token": token("refresh-2") });
    json!({ "token": signed(host, &claims) }).to_string()
}

fn signed(host: &str, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::PS512);
    header.jku = Some(format!("http://{host}/jwks"));
    header.kid = Some("k".to_owned());
    let key = EncodingKey::from_rsa_pem(PLATFORM_KEY.as_bytes()).unwrap();
    encode(&header, claims, &key).unwrap()
}

/// The key set.
pub fn platform_keys() -> String {
    let key = RsaPrivateKey::from_pkcs1_pem(PLATFORM_KEY).unwrap();
    let pem = key.to_public_key().to_pkcs1_pem(LineEnding::LF).unwrap();
    json!({ "keys": [{ "kid": "k", "pem": pem }] }).to_string()
}
