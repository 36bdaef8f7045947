//! `POST storage`: a storage is made, provisional until a person consents to a link that refers to it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::cloud::key_id;
use crate::signed::Signed;
use crate::state::Platform;

pub async fn create(
    State(platform): State<Arc<Platform>>,
    Signed { contract, .. }: Signed,
) -> (StatusCode, Json<Value>) {
    let kid = key_id(&platform, &contract);
    let id = platform.memory().storages.make(kid.clone());
    (StatusCode::CREATED, Json(json!({ "id": id, "kid": kid })))
}
