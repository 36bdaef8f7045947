//! `POST oauth/authorize`: a client asks for a code that opens the consent page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use crate::api::agent;
use crate::api::body::JsonObject;
use crate::error::ApiError;
use crate::signed::Signed;
use crate::state::{AuthorizationRequest, Platform};
use crate::{clock, jwt, pkce, random};

/// How long a session can be read, as the mobile SDKs document it.
const SESSION_MS: u64 = 15 * 60 * 1000;

pub async fn authorize(
    State(platform): State<Arc<Platform>>,
    Signed { contract, claims }: Signed,
    JsonObject { value: body, .. }: JsonObject,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    agent::check(&body)?;
    claims.exactly("response_type", "code")?;
    claims.exactly("response_mode", "query")?;
    claims.exactly("code_challenge_method", "S256")?;
    let code_challenge = claims.text("code_challenge")?;
    if !pkce::is_challenge(code_challenge) {
        return Err(ApiError::invalid_request(
            "The claim code_challenge must be the base64url form of a SHA-256 digest",
        ));
    }
    let redirect_uri = claims.text("redirect_uri")?;
    let redirect_uri = Url::parse(redirect_uri)
        .ok()
        .filter(|_| contract.may_return_to(redirect_uri))
        .ok_or_else(|| ApiError::invalid_redirect_uri(redirect_uri))?;
    let state = claims.text("state")?;
    let access_token = claims.optional_text("access_token")?;

    let now = clock::now_ms();
    let mut memory = platform.memory();
    // The token may be another contract's: that is how the user of one contract is asked about a second.
    let user_id = access_token
        .map(|token| {
            let grant = memory.tokens.grant(token, now);
            grant.ok_or_else(|| ApiError::invalid_token("access_token"))
        })
        .transpose()?
        .map(|grant| grant.user_id.clone());
    let request = AuthorizationRequest {
        redirect_uri,
        state: state.to_owned(),
        code_challenge: code_challenge.to_owned(),
        user_id,
        contract,
    };
    let code = memory
        .requested
        .issue(request, now + platform.config.lifetimes.code_ms());
    drop(memory);

    let token = jwt::sign(
        &platform.config.platform_key,
        &platform.addresses.jku(),
        &json!({ "preauthorization_code": code }),
    );
    let session = json!({ "key": random::token(), "expiry": now + SESSION_MS });
    Ok((
        StatusCode::CREATED,
        Json(json!({ "token": token, "session": session })),
    ))
}
