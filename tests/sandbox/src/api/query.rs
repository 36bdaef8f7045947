//! `GET permission-access/query/{sessionKey}`: how far a session is, and which files it has.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::clock;
use crate::contract::Access;
use crate::error::ApiError;
use crate::library::{File, Metadata};
use crate::signed::SignedForUser;
use crate::state::Platform;

pub async fn query(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    Path(key): Path<String>,
) -> Result<Json<Value>, ApiError> {
    caller.must_be(Access::Read)?;
    let progress = platform
        .memory()
        .sessions
        .get(
            &key,
            &caller.contract.id,
            &caller.grant.user_id,
            clock::now_ms(),
        )
        .ok_or_else(ApiError::session_invalid)?
        .look();
    let mut answer = json!({ "status": progress.status });
    if let Some(files) = progress.files {
        answer["fileList"] = files.iter().map(entry).collect();
    }
    Ok(Json(answer))
}

fn entry(file: &File) -> Value {
    let mut entry = match &file.metadata {
        Metadata::Mapped(mapped) => json!(mapped),
        Metadata::Raw(_) => json!({}),
    };
    entry["name"] = json!(file.name);
    entry["updatedDate"] = json!(file.updated_at);
    entry
}
