//! Keys and signatures, made with the `rsa` crate alone.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::distributions::{Alphanumeric, DistString};
use rsa::RsaPrivateKey;
use rsa::pss::SigningKey;
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use serde_json::{Value, json};
use sha2::Sha512;

/// One key for both contracts and the platform, because making one takes time.
pub fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(make_key)
}

pub fn make_key() -> RsaPrivateKey {
    RsaPrivateKey::new(&mut rand::thread_rng(), 2048).unwrap()
}

pub fn nonce() -> String {
    Alphanumeric.sample_string(&mut rand::thread_rng(), 32)
}

pub fn now_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since_epoch.as_millis()).unwrap()
}

pub fn sign(key: &RsaPrivateKey, algorithm: &str, claims: &Value) -> String {
    sign_with(key, &json!({ "alg": algorithm, "typ": "JWT" }), claims)
}

pub fn sign_with(key: &RsaPrivateKey, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::<Sha512>::new(key.clone())
        .sign_with_rng(&mut rand::thread_rng(), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// The claims of a token of the platform; `tokens.rs` has the test that they are signed.
pub fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}
