//! `POST oauth/token`: a code or a refresh token is exchanged for a pair of tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::signed::Signed;
use crate::state::{Grant, Issued, Platform};
use crate::tally::GrantType;
use crate::{clock, jwt, pkce, random};

pub async fn token(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    signed: Signed,
) -> Response {
    let grant_type = match signed.claims.text("grant_type") {
        Ok(grant_type) => grant_type.to_owned(),
        Err(refusal) => return refusal.into_response(),
    };
    let issued = match grant_type.as_str() {
        "authorization_code" => exchange(&platform, &signed),
        "refresh_token" => refresh(&platform, &signed),
        _ => Err(ApiError::invalid_request(
            "The claim grant_type must be authorization_code or refresh_token",
        )),
    };
    let mut response = issued
        .map(|issued| Json(answer(&platform, &headers, &issued)))
        .into_response();
    response.extensions_mut().insert(GrantType(grant_type));
    response
}

/// A code that was shown is spent even if the verifier is wrong: whoever holds a stolen one gets a single guess.
fn exchange(platform: &Platform, signed: &Signed) -> Result<Issued, ApiError> {
    let code = signed.claims.text("code")?;
    let verifier = signed.claims.text("code_verifier")?;
    let now = clock::now_ms();
    let mut memory = platform.memory();
    let approval = memory
        .approved
        .look(code, now)
        .is_some_and(|approval| approval.contract_id == signed.contract.id)
        .then(|| memory.approved.spend(code, now))
        .flatten()
        .filter(|approval| pkce::verifies(verifier, &approval.code_challenge))
        .ok_or_else(|| ApiError::invalid_token("authorization_code"))?;
    let grant = Grant {
        contract_id: approval.contract_id,
        user_id: approval.user_id,
        consent_id: random::token(),
    };
    Ok(memory
        .tokens
        .issue(Arc::new(grant), &platform.config.lifetimes, now))
}

fn refresh(platform: &Platform, signed: &Signed) -> Result<Issued, ApiError> {
    let refresh_token = signed.claims.text("refresh_token")?;
    platform
        .memory()
        .tokens
        .rotate(
            refresh_token,
            &signed.contract.id,
            &platform.config.lifetimes,
            clock::now_ms(),
        )
        .ok_or_else(|| ApiError::invalid_token("refresh_token"))
}

fn answer(platform: &Platform, headers: &HeaderMap, issued: &Issued) -> Value {
    let grant = &issued.grant;
    let identifier = platform
        .memory()
        .users
        .entry(grant.user_id.clone())
        .or_default()
        .identifier
        .clone();
    let claims = json!({
        "access_token": { "value": issued.access_token, "expires_on": issued.access_expires_on },
        "refresh_token": { "value": issued.refresh_token, "expires_on": issued.refresh_expires_on },
        "sub": grant.user_id,
        "consentid": grant.consent_id,
        "identifier": { "id": identifier },
        "token_type": "Bearer",
    });
    let jku = platform.addresses.reached(headers).jku();
    json!({ "token": jwt::sign(&platform.config.platform_key, &jku, &claims) })
}
