//! An answer that has been read whole, and how its parts are read.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::Error;

/// An answer of the platform.
pub(crate) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Response {
    /// The body as JSON. An error names the place that does not fit, never what stands there.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let at = if path == "." {
                String::new()
            } else {
                format!(" at {path}")
            };
            Error::unexpected_response(format!(
                "The platform's answer does not have the form that was expected{at}."
            ))
        })
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The status in words: what the protocol calls it, since HTTP/2 sends none.
    pub(crate) fn status_message(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("")
    }
}
