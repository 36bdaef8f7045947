//! JSON Web Tokens signed with PS512: verifying those of clients, signing those of the platform.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::pss::{Signature, SigningKey, VerifyingKey};
use rsa::signature::{RandomizedSigner, SignatureEncoding, Verifier};
use serde_json::{Map, Value, json};
use sha2::Sha512;

use crate::keys::PlatformKey;

/// What is wrong with a token that a client sent.
#[derive(Debug, thiserror::Error)]
pub enum JwtError {
    #[error("is not a JSON Web Token: three base64url parts, the first two JSON objects")]
    Malformed,
    #[error("must be signed with PS512")]
    WrongAlgorithm,
    #[error("has a signature that the contract's key does not verify")]
    WrongSignature,
}

/// A token whose signature nobody has looked at yet.
pub struct Unverified<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    pub fn parse(token: &'a str) -> Result<Self, JwtError> {
        let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        Ok(Self {
            signed,
            signature: decode(signature)?,
            header: object(header)?,
            claims: object(claims)?,
        })
    }

    /// What its header says, which is as good as what the next function tells.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// Who the token says it comes from: good for finding the key to verify it with, and for nothing else.
    pub fn client_id(&self) -> Option<&str> {
        self.claims.get("client_id")?.as_str()
    }

    /// The claims, if the key verifies them.
    pub fn verify(self, key: &VerifyingKey<Sha512>) -> Result<Map<String, Value>, JwtError> {
        if self.header("alg") != Some("PS512") {
            return Err(JwtError::WrongAlgorithm);
        }
        let signature =
            Signature::try_from(self.signature.as_slice()).map_err(|_| JwtError::WrongSignature)?;
        key.verify(self.signed.as_bytes(), &signature)
            .map_err(|_| JwtError::WrongSignature)?;
        Ok(self.claims)
    }
}

/// A token of the platform.
pub fn sign(key: &PlatformKey, jku: &str, claims: &Value) -> String {
    let header = json!({ "alg": "PS512", "typ": "JWT", "jku": jku, "kid": key.kid });
    let parts = format!(
        "{}.{}",
        encode(header.to_string()),
        encode(claims.to_string())
    );
    signed(&parts, &key.signing)
}

/// A token of these two parts, with the third.
pub fn signed(parts: &str, key: &SigningKey<Sha512>) -> String {
    let signature = key.sign_with_rng(&mut rand::thread_rng(), parts.as_bytes());
    format!("{parts}.{}", encode(signature.to_bytes()))
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(part: &str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| JwtError::Malformed)
}

fn object(part: &str) -> Result<Map<String, Value>, JwtError> {
    serde_json::from_slice(&decode(part)?).map_err(|_| JwtError::Malformed)
}
