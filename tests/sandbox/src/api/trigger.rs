//! `POST permission-access/trigger`: a session is started in which the user's data can be read.

use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::body::JsonObject;
use crate::api::{agent, pull_session};
use crate::contract::Access;
use crate::error::ApiError;
use crate::signed::SignedForUser;
use crate::state::Platform;

pub async fn trigger(
    State(platform): State<Arc<Platform>>,
    path: MatchedPath,
    caller: SignedForUser,
    JsonObject { value: body, .. }: JsonObject,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    caller.must_be(Access::Read)?;
    agent::check(&platform, &path, &body)?;
    let opening = platform.open_session(pull_session::wanted(&body, "")?);
    let session = opening.told();
    platform.start_session(&caller.contract.id, &caller.grant.user_id, opening);
    Ok((StatusCode::ACCEPTED, Json(json!({ "session": session }))))
}
