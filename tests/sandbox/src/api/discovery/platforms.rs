//! `POST discovery/platforms`: the platforms that sources can be connected on.

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

use crate::api::body::MaybeJsonObject;
use crate::api::discovery::directory;
use crate::error::ApiError;
use crate::signed::Signed;

#[derive(Serialize)]
pub struct DevicePlatform {
    id: u32,
    name: &'static str,
    reference: &'static str,
}

pub const ALL: &[DevicePlatform] = &[
    DevicePlatform {
        id: 1,
        name: "Android",
        reference: "android",
    },
    DevicePlatform {
        id: 2,
        name: "iOS",
        reference: "ios",
    },
    DevicePlatform {
        id: 3,
        name: "Web",
        reference: "web",
    },
];

pub async fn platforms(
    _: Signed,
    MaybeJsonObject(body): MaybeJsonObject,
) -> Result<Json<Value>, ApiError> {
    directory::answer(body, ALL.iter().map(|platform| json!(platform)).collect())
}
