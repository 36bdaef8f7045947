//! `POST oauth/token/reference`: a client asks for a code that opens a page for a user it has already.

use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::api::body::JsonObject;
use crate::api::{agent, code_challenge, pull_session};
use crate::callback::Callback;
use crate::error::ApiError;
use crate::signed::SignedForUser;
use crate::state::{Platform, Visit};
use crate::{clock, jwt};

pub async fn reference(
    State(platform): State<Arc<Platform>>,
    path: MatchedPath,
    caller: SignedForUser,
    headers: HeaderMap,
    JsonObject { value: body, .. }: JsonObject,
) -> Result<Json<Value>, ApiError> {
    agent::check(&platform, &path, &body)?;
    let wanted = pull_session::wanted(&body["actions"]["pull"], "actions.pull")?;
    let SignedForUser {
        contract,
        grant,
        claims,
    } = caller;
    let code_challenge = code_challenge::optional(&claims)?;
    let redirect_uri = claims.text("redirect_uri")?;
    let uri = contract.callback(redirect_uri)?;
    let state = claims.optional_text("state")?.map(str::to_owned);
    let session = platform.open_session(wanted);
    let told = session.told();
    let visit = Visit {
        contract,
        user_id: grant.user_id.clone(),
        callback: Callback { uri, state },
        code_challenge,
        session,
    };
    let expires_at = clock::now_ms() + platform.config.lifetimes.code_ms();
    let code = platform.memory().visits.issue(visit, expires_at);
    let token = jwt::sign(
        &platform.config.platform_key,
        &platform.addresses.reached(&headers).jku(),
        &json!({ "reference_code": code, "token_type": "reference", "expires_on": expires_at / 1000 }),
    );
    Ok(Json(json!({ "token": token, "session": told })))
}
