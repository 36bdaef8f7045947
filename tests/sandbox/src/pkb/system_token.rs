//! `POST api/oauth/token`: the system client gets a token of its own.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::clock;
use crate::pkb::state::Pkb;
use crate::pkb::token::{NOT_KEPT, TokenError, basic, client_credentials, form, in_body};
use crate::random;

const LIFETIME_SECONDS: u32 = 3599;

pub async fn token(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, TokenError> {
    let form = form(&headers, &body)?;
    let client = &pkb.config.system;
    let (id, secret) = basic(&headers)
        .or_else(|| in_body(&form))
        .ok_or_else(TokenError::unauthorized)?;
    if id != client.client_id || secret != client.client_secret {
        return Err(TokenError::unauthorized());
    }
    client_credentials(&form)?;
    let access_token = random::token();
    let ends_at = clock::now_ms() + u64::from(LIFETIME_SECONDS) * 1000;
    let told = json!({
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": LIFETIME_SECONDS,
        "scope": format!("{}-all", client.org_public_id),
        "client_name": "Example System",
        "jti": random::token(),
    });
    let mut memory = pkb.memory();
    memory.system_tokens.insert(access_token, ends_at);
    memory.tally.system_tokens += 1;
    Ok((NOT_KEPT, Json(told)).into_response())
}
