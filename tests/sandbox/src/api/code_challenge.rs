//! The claims that bind a code to whoever asked for it (PKCE).

use crate::error::ApiError;
use crate::pkce;
use crate::signed::Claims;

/// The challenge of a call that must have one.
pub fn required(claims: &Claims) -> Result<String, ApiError> {
    claims.exactly("code_challenge_method", "S256")?;
    let challenge = claims.text("code_challenge")?;
    if pkce::is_challenge(challenge) {
        Ok(challenge.to_owned())
    } else {
        Err(ApiError::invalid_request(
            "The claim code_challenge must be the base64url form of a SHA-256 digest",
        ))
    }
}

/// The challenge of a call that may have one.
pub fn optional(claims: &Claims) -> Result<Option<String>, ApiError> {
    match claims.optional_text("code_challenge")? {
        Some(_) => required(claims).map(Some),
        None => Ok(None),
    }
}
