//! Who is calling the cloud: an access token that the application has made itself and that its contract signed
//! (`at+jwt`), good for a minute. It names no user.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde_json::{Map, Value};

use crate::clock;
use crate::cloud::error::CloudError;
use crate::contract::Contract;
use crate::jwt::Unverified;
use crate::state::Platform;

const LIFETIME_SECONDS: u64 = 60;

/// The name of the key that a contract signs with, as the cloud knows it.
pub fn key_id(platform: &Platform, contract: &Contract) -> String {
    format!("{}_{}_0", contract.id, platform.config.application_id)
}

/// Refuses a call that carries no such token.
pub fn check(platform: &Platform, headers: &HeaderMap) -> Result<(), CloudError> {
    let bearer = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .ok_or_else(|| {
            CloudError::unauthorized("The header Authorization must be a bearer token")
        })?;
    let refused = |reason: String| CloudError::unauthorized(format!("The bearer {reason}"));
    let unverified = Unverified::parse(bearer).map_err(|error| refused(error.to_string()))?;
    if unverified.header("typ") != Some("at+jwt") {
        return Err(refused("must be of type at+jwt".to_owned()));
    }
    let contract = [&platform.config.push, &platform.config.read]
        .into_iter()
        .find(|contract| unverified.header("kid") == Some(&key_id(platform, contract)))
        .ok_or_else(|| refused("has a kid that names no key of a contract".to_owned()))?;
    let claims = unverified
        .verify(&contract.verifying)
        .map_err(|error| refused(error.to_string()))?;
    check_claims(platform, contract, &claims)
        .map_err(|claim| refused(format!("has a claim {claim} that is not what it must be")))
}

/// The claim that is wrong, if one is.
fn check_claims(
    platform: &Platform,
    contract: &Contract,
    claims: &Map<String, Value>,
) -> Result<(), &'static str> {
    for (name, value) in [
        ("sub", platform.config.application_id.as_str()),
        ("iss", &contract.id),
        ("aud", "cloud"),
    ] {
        if claims.get(name).and_then(Value::as_str) != Some(value) {
            return Err(name);
        }
    }
    let seconds = |name| claims.get(name).and_then(Value::as_u64).ok_or(name);
    let (issued, expires) = (seconds("iat")?, seconds("exp")?);
    let now = clock::now_ms() / 1000;
    if now.abs_diff(issued) > u64::from(platform.config.lifetimes.clock_skew_seconds) {
        return Err("iat");
    }
    if expires <= now || expires.saturating_sub(issued) > LIFETIME_SECONDS {
        return Err("exp");
    }
    // A nonce is how the API's own bearers are told apart; one here means that they were mixed up.
    if claims.contains_key("nonce") {
        return Err("nonce");
    }
    Ok(())
}
