//! `POST reference`: an id that a browser address can carry in place of an account's or a storage's own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::body::JsonObject;
use crate::error::ApiError;
use crate::signed::Signed;
use crate::state::{Platform, Reference, ReferenceKind};

pub async fn reference(
    State(platform): State<Arc<Platform>>,
    Signed { contract, .. }: Signed,
    JsonObject { value: body, .. }: JsonObject,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let kind = match body["type"].as_str() {
        Some("cloudId") => ReferenceKind::CloudId,
        Some("accountId") => ReferenceKind::AccountId,
        _ => return Err(ApiError::validation("type must be cloudId or accountId")),
    };
    let value = body["value"]
        .as_str()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| ApiError::validation("value must be a string that is not empty"))?;
    let reference = Reference {
        kind,
        value: value.to_owned(),
        contract_id: contract.id.clone(),
    };
    let id = platform.memory().references.make(reference);
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}
