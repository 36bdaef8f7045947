//! `POST discovery/countries`: the countries that sources are for.

use axum::Json;
use serde::Serialize;
use serde_json::{Value, json};

use crate::api::body::MaybeJsonObject;
use crate::api::discovery::directory;
use crate::error::ApiError;
use crate::signed::Signed;

#[derive(Serialize)]
pub struct Country {
    pub id: u32,
    code: &'static str,
    name: &'static str,
}

pub const ALL: &[Country] = &[
    Country {
        id: 1,
        code: "NL",
        name: "Netherlands",
    },
    Country {
        id: 2,
        code: "GB",
        name: "United Kingdom",
    },
    Country {
        id: 3,
        code: "DE",
        name: "Germany",
    },
];

pub async fn countries(
    _: Signed,
    MaybeJsonObject(body): MaybeJsonObject,
) -> Result<Json<Value>, ApiError> {
    directory::answer(body, ALL.iter().map(|country| json!(country)).collect())
}
