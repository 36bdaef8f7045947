//! The calls under `/_sandbox/`, which the platform does not have: what a test or demonstration looks at and turns.

mod faults;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::clock;
use crate::state::Platform;

pub fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/_sandbox/expire-access-tokens", post(expire_access_tokens))
        .route("/_sandbox/expire-sessions", post(expire_sessions))
        .route("/_sandbox/faults", post(faults::plan).delete(faults::clear))
        .route("/_sandbox/pushed", get(pushed))
        .route("/_sandbox/requests", get(requests))
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

async fn pushed(State(platform): State<Arc<Platform>>) -> Response {
    Json(&platform.memory().pushed).into_response()
}

async fn requests(State(platform): State<Arc<Platform>>) -> Response {
    Json(&platform.memory().requests).into_response()
}
