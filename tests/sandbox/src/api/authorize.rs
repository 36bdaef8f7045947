//! `POST oauth/authorize`: a client asks for a code that opens the consent page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::api::body::JsonObject;
use crate::api::{agent, code_challenge, pull_session};
use crate::callback::Callback;
use crate::error::ApiError;
use crate::signed::Signed;
use crate::state::{AuthorizationRequest, Platform};
use crate::{clock, jwt};

pub async fn authorize(
    State(platform): State<Arc<Platform>>,
    path: MatchedPath,
    Signed { contract, claims }: Signed,
    headers: HeaderMap,
    JsonObject { value: body, .. }: JsonObject,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    agent::check(&platform, &path, &body)?;
    let wanted = pull_session::wanted(&body["actions"]["pull"], "actions.pull")?;
    claims.exactly("response_type", "code")?;
    claims.exactly("response_mode", "query")?;
    let code_challenge = code_challenge::required(&claims)?;
    let redirect_uri = claims.text("redirect_uri")?;
    let uri = contract.callback(redirect_uri)?;
    let state = claims.text("state")?;
    let access_token = claims.optional_text("access_token")?;

    let session = platform.open_session(wanted);
    let told = session.told();
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
        callback: Callback {
            uri,
            state: Some(state.to_owned()),
        },
        code_challenge,
        user_id,
        contract,
        session,
    };
    let code = memory
        .requested
        .issue(request, now + platform.config.lifetimes.code_ms());
    drop(memory);

    let token = jwt::sign(
        &platform.config.platform_key,
        &platform.addresses.reached(&headers).jku(),
        &json!({ "preauthorization_code": code }),
    );
    Ok((
        StatusCode::CREATED,
        Json(json!({ "token": token, "session": told })),
    ))
}
