//! How the smaller directories answer: everything that is meant at once.

use axum::Json;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::discovery::query::{Query, parse};
use crate::error::ApiError;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    query: Query,
}

pub fn answer(body: Value, entries: Vec<Value>) -> Result<Json<Value>, ApiError> {
    let Asked { query } = parse(body)?;
    let told: Vec<_> = query
        .matching(entries)?
        .into_iter()
        .map(|entry| query.told(entry))
        .collect();
    Ok(Json(json!({ "data": told })))
}
