//! The calls under `/_sandbox/`, which the platform does not have: what a test or demonstration looks at and turns.

mod faults;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock;
use crate::state::{Notice, Platform, Tally};

pub fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/_sandbox/agents", get(agents))
        .route("/_sandbox/expire-access-tokens", post(expire_access_tokens))
        .route("/_sandbox/expire-sessions", post(expire_sessions))
        .route("/_sandbox/faults", post(faults::plan).delete(faults::clear))
        .route("/_sandbox/notice", put(notice))
        .route("/_sandbox/pushed", get(pushed))
        .route("/_sandbox/requests", get(requests))
        .route("/_sandbox/tally", get(tally))
}

async fn expire_access_tokens(State(platform): State<Arc<Platform>>) -> Json<Value> {
    let expired = platform
        .memory()
        .tokens
        .expire_access_tokens(clock::now_ms());
    Json(json!({ "expired": expired }))
}

async fn expire_sessions(State(platform): State<Arc<Platform>>) -> Json<Value> {
    let expired = platform.memory().sessions.expire(clock::now_ms());
    Json(json!({ "expired": expired }))
}

/// Whose pushes are to be shown: everybody's, unless a person is named.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct By {
    user_id: Option<String>,
}

async fn pushed(State(platform): State<Arc<Platform>>, Query(by): Query<By>) -> Response {
    let memory = platform.memory();
    let mut pushed: Vec<_> = memory.pushed.iter().collect();
    if let Some(user_id) = by.user_id {
        pushed.retain(|each| each.user_id == user_id);
    }
    Json(pushed).into_response()
}

/// What the last call of each route said it comes from.
async fn agents(State(platform): State<Arc<Platform>>) -> Response {
    Json(&platform.memory().agents).into_response()
}

async fn notice(
    State(platform): State<Arc<Platform>>,
    Json(notice): Json<Notice>,
) -> Result<StatusCode, StatusCode> {
    let can_be_sent = |said: &String| HeaderValue::try_from(said).is_ok();
    if [&notice.status, &notice.message]
        .into_iter()
        .flatten()
        .all(can_be_sent)
    {
        platform.memory().notice = notice;
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(StatusCode::UNPROCESSABLE_ENTITY)
    }
}

async fn requests(State(platform): State<Arc<Platform>>) -> Response {
    Json(&platform.memory().requests).into_response()
}

async fn tally(State(platform): State<Arc<Platform>>) -> Json<Tally> {
    Json(platform.memory().tokens.tally())
}
