//! `DELETE clouds/{storageId}/files/apps/{applicationId}/…`: a file, a folder or everything is deleted.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::cloud::error::CloudError;
use crate::cloud::place::Place;
use crate::state::Platform;

pub async fn delete(
    State(platform): State<Arc<Platform>>,
    place: Place,
) -> Result<StatusCode, CloudError> {
    let mut memory = platform.memory();
    let storage = memory.storages.get(&place.storage_id);
    let deleted = storage.is_some_and(|storage| {
        if place.is_folder() {
            storage.empty(&place.path) || place.path == "/"
        } else {
            storage.delete(&place.path)
        }
    });
    if deleted {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(CloudError::not_found("There is no such file or folder"))
    }
}
