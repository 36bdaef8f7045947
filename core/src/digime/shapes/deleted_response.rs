//! What the platform answers to a deletion, as the JavaScript SDK hands it on.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Document;
use crate::http::Response;

/// The platform's answer to a deletion.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeletedResponse {
    /// The HTTP status.
    pub status_code: u16,
    /// The HTTP status in words.
    pub status_message: String,
    /// The headers, names in lower case.
    pub headers: Map<String, Value>,
    /// The body: JSON as it is, other text as text, and an empty one as an empty string.
    pub body: Document,
}

impl DeletedResponse {
    pub(in crate::digime) fn of(response: &Response) -> Self {
        let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes));
        Self {
            status_code: response.status.as_u16(),
            status_message: response.status_message().to_owned(),
            headers: response
                .headers_as_text()
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            body: serde_json::from_slice(&response.body)
                .unwrap_or_else(|_| text(&response.body).into()),
        }
    }
}
