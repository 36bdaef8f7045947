//! Proof Key for Code Exchange (RFC 7636): the verifier that the application keeps, and its challenge.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::digest::sha256;
use crate::{Error, World};

/// The challenge method, the only one the platform takes.
pub(crate) const METHOD: &str = "S256";

/// A new verifier: 43 characters, the shortest that RFC 7636 section 4.1 allows.
pub(crate) fn verifier(world: &World) -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(world.alphanumeric(32)?))
}

/// The challenge of a verifier (RFC 7636 section 4.2).
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(&[verifier.as_bytes()]))
}
