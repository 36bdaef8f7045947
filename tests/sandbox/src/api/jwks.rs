//! `GET jwks/oauth`: the keys that verify the platform's tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::state::Platform;

pub async fn jwks(State(platform): State<Arc<Platform>>) -> Json<Value> {
    Json(json!({ "keys": [platform.config.platform_key.jwk()] }))
}
