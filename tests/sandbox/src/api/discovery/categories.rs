//! `POST discovery/categories`: the groups that sources belong to.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::api::body::MaybeJsonObject;
use crate::api::discovery::directory;
use crate::error::ApiError;
use crate::signed::Signed;
use crate::state::Platform;

pub async fn categories(
    State(platform): State<Arc<Platform>>,
    _: Signed,
    MaybeJsonObject(body): MaybeJsonObject,
) -> Result<Json<Value>, ApiError> {
    let sources = platform.config.sources.listed().iter();
    let groups: BTreeMap<u32, &str> = sources
        .map(|source| (source.service_group.id, source.service_group.name.as_str()))
        .collect();
    let entry = |(id, title)| json!({ "id": id, "title": title });
    directory::answer(body, groups.into_iter().map(entry).collect())
}
