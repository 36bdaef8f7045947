//! `POST clouds/{storageId}/files/apps/{applicationId}/…`: a file is put into a storage, in place of one of its name.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::cloud::error::CloudError;
use crate::cloud::place::Place;
use crate::state::Platform;

pub async fn upload(
    State(platform): State<Arc<Platform>>,
    place: Place,
    headers: HeaderMap,
    content: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), CloudError> {
    if place.is_folder() {
        return Err(CloudError::bad_request("The path must name a file"));
    }
    if headers
        .get(CONTENT_TYPE)
        .is_none_or(|value| value != "application/octet-stream")
    {
        return Err(CloudError::unsupported_media_type());
    }
    let content = content.map_err(|_| CloudError::too_large())?;
    let mut memory = platform.memory();
    let storage = memory
        .storages
        .get(&place.storage_id)
        .ok_or_else(|| CloudError::not_found("There is no such storage"))?;
    let file = storage.put(place.path, content);
    Ok((StatusCode::CREATED, Json(json!({ "id": file.id }))))
}
