//! `GET clouds/{storageId}/files/apps/{applicationId}/…`: a file, or the list of a folder.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cloud::error::CloudError;
use crate::cloud::place::Place;
use crate::state::{Platform, StoredFile};

#[derive(Deserialize)]
pub struct Listing {
    #[serde(default)]
    recursive: bool,
}

pub async fn read(
    State(platform): State<Arc<Platform>>,
    place: Place,
    Query(listing): Query<Listing>,
) -> Result<Response, CloudError> {
    if place.is_folder() {
        return Ok(Json(list(&platform, &place, listing.recursive)).into_response());
    }
    let mut memory = platform.memory();
    let file = memory
        .storages
        .get(&place.storage_id)
        .and_then(|storage| storage.get(&place.path))
        .ok_or_else(|| CloudError::not_found("There is no such file"))?;
    let content_type = [(CONTENT_TYPE, "application/octet-stream")];
    Ok((content_type, file.content.clone()).into_response())
}

/// A folder that does not exist is an empty one.
fn list(platform: &Platform, place: &Place, recursive: bool) -> Value {
    let depth = place.path.to_lowercase().len();
    let mut memory = platform.memory();
    let files: Vec<Value> = memory
        .storages
        .get(&place.storage_id)
        .into_iter()
        .flat_map(|storage| storage.inside(&place.path))
        .filter(|(path, _)| recursive || !path[depth..].contains('/'))
        .map(|(_, file)| entry(&platform.config.application_id, file))
        .collect();
    json!({ "total": files.len(), "files": files })
}

fn entry(application_id: &str, file: &StoredFile) -> Value {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let folder = format!("/apps/{application_id}{folder}/");
    json!({
        "id": file.id,
        "name": name.to_lowercase(),
        "originalName": name,
        "path": folder.to_lowercase(),
        "originalPath": folder,
    })
}
