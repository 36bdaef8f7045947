//! Signed PS512 tokens, made and read without any code of the SDK under test.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL;
use rsa::RsaPrivateKey;
use rsa::pss::{Signature, SigningKey, VerifyingKey};
use rsa::rand_core::OsRng;
use rsa::signature::{RandomizedSigner, SignatureEncoding, Verifier};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::Sha512;

/// A token as it was received, with the verdict on its signature.
#[derive(Debug, Serialize)]
pub(crate) struct Token {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) verified: bool,
}

/// Signs `claims` under a header of `alg`, `typ` and the fields of `extra`.
pub(crate) fn sign(
    claims: &Value,
    extra: &Map<String, Value>,
    key: RsaPrivateKey,
) -> Result<String, String> {
    let mut header = Map::from_iter([
        ("alg".to_owned(), json!("PS512")),
        ("typ".to_owned(), json!("JWT")),
    ]);
    header.extend(extra.clone());
    let signed = format!(
        "{}.{}",
        BASE64URL.encode(Value::Object(header).to_string()),
        BASE64URL.encode(claims.to_string())
    );
    let signature = SigningKey::<Sha512>::new(key)
        .try_sign_with_rng(&mut OsRng, signed.as_bytes())
        .map_err(|error| format!("the token cannot be signed: {error}"))?;
    Ok(format!(
        "{signed}.{}",
        BASE64URL.encode(signature.to_bytes())
    ))
}

/// Reads a token; `None` when the text is not a JWT of three parts.
pub(crate) fn read(text: &str, key: &VerifyingKey<Sha512>) -> Option<Token> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header = part(header)?;
    let verified = header["alg"] == "PS512"
        && BASE64URL
            .decode(signature)
            .ok()
            .and_then(|bytes| Signature::try_from(bytes.as_slice()).ok())
            .is_some_and(|signature| key.verify(signed.as_bytes(), &signature).is_ok());
    Some(Token {
        header,
        claims: part(claims)?,
        verified,
    })
}

fn part(text: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64URL.decode(text).ok()?).ok()
}
