//! `POST reference`: an id that a browser address can carry in place of an account's or a storage's own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::body::JsonObject;
use crate::error::ApiError;
use crate::random;
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
    if body["value"].as_str().is_none_or(str::is_empty) {
        return Err(ApiError::validation(
            "value must be a string that is not empty",
        ));
    }
    let id = random::token();
    let reference = Reference {
        kind,
        contract_id: contract.id.clone(),
    };
    platform.memory().references.insert(id.clone(), reference);
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}
