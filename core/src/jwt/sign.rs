//! Making a PS512 JSON Web Token: the one place where a signature is built.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::Error;
use crate::crypto::PrivateKey;

/// The header of a token (RFC 7515 section 4.1).
#[derive(Serialize)]
pub(crate) struct Header {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}

impl Header {
    /// The header of tokens for the API.
    pub(crate) const JWT: Self = Self {
        alg: "PS512",
        typ: "JWT",
        kid: None,
    };

    /// The header of tokens that are access tokens themselves (RFC 9068 section 2.1).
    pub(crate) fn access_token(kid: String) -> Self {
        Self {
            alg: "PS512",
            typ: "at+jwt",
            kid: Some(kid),
        }
    }
}

/// The claims as a signed token in compact form (RFC 7515 section 7.1). No claim is added.
pub(crate) fn sign<T: Serialize>(
    key: &PrivateKey,
    header: &Header,
    claims: &T,
) -> Result<String, Error> {
    let json = |part: Result<Vec<u8>, _>| {
        part.map_err(|_: serde_json::Error| Error::sdk("a token cannot be written as JSON"))
    };
    let header = json(serde_json::to_vec(header))?;
    let claims = json(serde_json::to_vec(claims))?;
    let mut token = String::with_capacity(claims.len() * 4 / 3 + 1024);
    URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}
