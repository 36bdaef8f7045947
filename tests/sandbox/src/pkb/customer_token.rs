//! The token endpoint for Aggregated and Customer, in the shape of Keycloak's: the customer system client gets a token that is good for
//! these two alone.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::clock;
use crate::pkb::parameters::Parameters;
use crate::pkb::state::{CustomerAuthentication, Pkb};
use crate::pkb::token::{NOT_KEPT, TokenError, basic, client_credentials, form, in_body};
use crate::random;

const LIFETIME_SECONDS: u32 = 300;

pub async fn token(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, TokenError> {
    let form = form(&headers, &body)?;
    authenticate(&pkb, &headers, &form)?;
    client_credentials(&form)?;
    let access_token = random::token();
    let ends_at = clock::now_ms() + u64::from(LIFETIME_SECONDS) * 1000;
    let told = json!({
        "access_token": access_token,
        "expires_in": LIFETIME_SECONDS,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": "profile email",
    });
    let mut memory = pkb.memory();
    memory.customer_tokens.insert(access_token, ends_at);
    memory.tally.customer_tokens += 1;
    Ok((NOT_KEPT, Json(told)).into_response())
}

/// Refuses whoever is not the customer system client.
fn authenticate(pkb: &Pkb, headers: &HeaderMap, form: &Parameters) -> Result<(), TokenError> {
    let mode = pkb.memory().modes.customer_authentication;
    let shown = match mode {
        CustomerAuthentication::Any => basic(headers).or_else(|| in_body(form)),
        CustomerAuthentication::Basic => basic(headers),
        CustomerAuthentication::Body => in_body(form),
    };
    let client = &pkb.config.customer;
    let is_client =
        shown.is_some_and(|(id, secret)| id == client.client_id && secret == client.client_secret);
    is_client
        .then_some(())
        .ok_or_else(|| TokenError::invalid_client("Invalid client or Invalid client credentials"))
}
