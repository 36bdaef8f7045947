//! Making a PS512 JSON Web Token: the one place where a signature is built.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::Error;
use crate::crypto::PrivateKey;

/// The header of every token that goes to the API host.
const HEADER: &str = r#"{"alg":"PS512","typ":"JWT"}"#;

/// The claims as a signed token in compact form (RFC 7515 section 7.1). No claim is added.
pub(crate) fn sign<T: Serialize>(key: &PrivateKey, claims: &T) -> Result<String, Error> {
    let claims = serde_json::to_vec(claims)
        .map_err(|_| Error::sdk("the claims of a token cannot be written as JSON"))?;
    let mut token = String::with_capacity(claims.len() * 4 / 3 + 1024);
    URL_SAFE_NO_PAD.encode_string(HEADER, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
    Ok(token)
}
