//! How the Facade refuses: an `OperationOutcome`.

use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::json;

use crate::pkb::fhir::Resource;
use crate::pkb::response_code::ResponseCode;

/// A refusal.
pub struct Outcome {
    status: StatusCode,
    /// The kind of issue, as FHIR knows it.
    issue: &'static str,
    /// The platform's own code, which few reasons have.
    code: Option<ResponseCode>,
    text: &'static str,
}

impl Outcome {
    fn without_code(status: StatusCode, issue: &'static str, text: &'static str) -> Self {
        Self {
            status,
            issue,
            code: None,
            text,
        }
    }

    /// What must be there is not.
    pub fn required(text: &'static str) -> Self {
        Self::without_code(StatusCode::BAD_REQUEST, "required", text)
    }

    /// What is there is not as it must be.
    pub fn invalid(text: &'static str) -> Self {
        Self::without_code(StatusCode::BAD_REQUEST, "invalid", text)
    }

    pub fn not_found(text: &'static str) -> Self {
        Self::without_code(StatusCode::NOT_FOUND, "not-found", text)
    }

    /// The sandbox itself fails.
    pub fn internal(text: &'static str) -> Self {
        Self::without_code(StatusCode::INTERNAL_SERVER_ERROR, "exception", text)
    }

    pub fn not_supported(status: StatusCode, text: &'static str) -> Self {
        Self::without_code(status, "not-supported", text)
    }
}

impl From<ResponseCode> for Outcome {
    fn from(code: ResponseCode) -> Self {
        let issue = match code {
            ResponseCode::AccTokenExpired | ResponseCode::ApiSessionExpired => "expired",
            ResponseCode::ApiSessionInvalid | ResponseCode::BadAuthentication => "login",
            ResponseCode::AccessFrozenOutward
            | ResponseCode::NoAssociation
            | ResponseCode::NoConsent
            | ResponseCode::UserTypeNotPerm => "forbidden",
        };
        Self {
            status: code.status(),
            issue,
            code: Some(code),
            text: code.message(),
        }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let mut details = json!({ "text": self.text });
        if let Some(code) = self.code {
            details["coding"] = json!([{ "system": ResponseCode::SYSTEM, "code": code.name() }]);
        }
        let body = json!({
            "resourceType": "OperationOutcome",
            "issue": [{ "severity": "error", "code": self.issue, "details": details }],
        });
        let challenge = self.code.and_then(ResponseCode::challenge);
        (self.status, AppendHeaders(challenge), Resource(body)).into_response()
    }
}
