//! An answer of PKB's to a request of the application's own making.

use std::fmt;

use bytes::Bytes;
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use crate::Document;
use crate::binding::{self, Value};
use crate::http::{Response, is_json, media_type};

/// An answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ApiResponse {
    /// The HTTP status: a success.
    pub status_code: u16,
    /// The headers, names in lower case.
    pub headers: Map<String, Json>,
    /// The body.
    pub body: ResponseContent,
}

/// A body as its content type says: what is JSON as the document that it is, other text as a string, everything else as bytes.
#[derive(Clone, PartialEq)]
pub enum ResponseContent {
    /// JSON.
    Json(Document),
    /// Text.
    Text(String),
    /// Anything else.
    Bytes(Bytes),
}

impl ApiResponse {
    pub(super) fn of(response: &Response) -> Self {
        let headers = response.headers_as_text().into_iter();
        Self {
            status_code: response.status.as_u16(),
            headers: headers.map(|(name, value)| (name, value.into())).collect(),
            body: ResponseContent::of(response),
        }
    }
}

impl ResponseContent {
    fn of(response: &Response) -> Self {
        let bytes = &response.body;
        let kind = media_type(&response.headers);
        if is_json(&response.headers)
            && let Ok(document) = serde_json::from_slice(bytes)
        {
            return Self::Json(document);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if kind.starts_with("text/") || kind.ends_with("json") => {
                Self::Text(text.to_owned())
            }
            Ok("") => Self::Text(String::new()),
            _ => Self::Bytes(bytes.clone()),
        }
    }
}

impl Serialize for ResponseContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(document) => document.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::Bytes(bytes) => binding::serialize_leaf(serializer, Value::Bytes(bytes.clone())),
        }
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for ResponseContent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ResponseContent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "responseContent" })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// What PKB answers is about a person: only its kind is shown.
impl fmt::Debug for ResponseContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json(_) => "Json",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}
