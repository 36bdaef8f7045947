//! `GET storage`: the user's storage.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::signed::SignedForUser;
use crate::state::Platform;

pub async fn storage(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
) -> Result<Json<Value>, ApiError> {
    let memory = platform.memory();
    let (id, storage) = memory
        .storages
        .of(&caller.grant.user_id)
        .ok_or_else(|| ApiError::not_found("The user has no storage"))?;
    Ok(Json(json!({ "id": id, "kid": storage.kid })))
}
