//! How the REST API refuses. The platform does not publish it: it is a code, as in FHIR, and a message.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::json;

use crate::pkb::response_code::ResponseCode;

/// A refusal.
pub enum RestError {
    Code(ResponseCode),
    /// What was sent is not as it must be.
    Invalid(&'static str),
    NotFound,
}

impl From<ResponseCode> for RestError {
    fn from(code: ResponseCode) -> Self {
        Self::Code(code)
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let (status, name, message, challenge) = match self {
            Self::Code(code) => (code.status(), code.name(), code.message(), code.challenge()),
            Self::Invalid(message) => (StatusCode::BAD_REQUEST, "INVALID_REQUEST", message, None),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "There is no such call",
                None,
            ),
        };
        let body = json!({ "code": name, "message": message });
        (status, AppendHeaders(challenge), Json(body)).into_response()
    }
}
