//! `GET permission-access/sample/datasets/{sourceId}`: which sample data a source has.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::signed::Signed;
use crate::sources::SAMPLE_DATA_SET;
use crate::state::Platform;

pub async fn sample_data_sets(
    State(platform): State<Arc<Platform>>,
    _: Signed,
    Path(source_id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let source = source_id
        .parse()
        .ok()
        .and_then(|id| platform.config.sources.find(id))
        .ok_or_else(|| ApiError::not_found("There is no source of this id"))?;
    let sets = match source.data {
        Some(_) => {
            json!({ SAMPLE_DATA_SET: { "name": SAMPLE_DATA_SET, "description": source.description } })
        }
        None => json!({}),
    };
    Ok(Json(sets))
}
