//! `/_sandbox/faults`: what is to go wrong.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::state::{Planned, Platform};

pub async fn plan(
    State(platform): State<Arc<Platform>>,
    Json(planned): Json<Planned>,
) -> StatusCode {
    platform.memory().faults.plan(planned);
    StatusCode::NO_CONTENT
}

pub async fn clear(State(platform): State<Arc<Platform>>) -> Json<Value> {
    Json(json!({ "cleared": platform.memory().faults.clear() }))
}
