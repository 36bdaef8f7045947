//! How the Facade refuses: an `OperationOutcome`.

use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::{Value, json};

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

    /// It is as it must be, and cannot be done.
    pub fn unprocessable(text: &'static str) -> Self {
        Self::without_code(StatusCode::UNPROCESSABLE_ENTITY, "processing", text)
    }

    /// What is asked for is there more than once.
    pub fn ambiguous(text: &'static str) -> Self {
        Self::without_code(StatusCode::PRECONDITION_FAILED, "multiple-matches", text)
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

impl Outcome {
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// As a resource.
    pub fn told(&self) -> Value {
        let mut details = json!({ "text": self.text });
        if let Some(code) = self.code {
            details["coding"] = json!([{ "system": ResponseCode::SYSTEM, "code": code.name() }]);
        }
        json!({
            "resourceType": "OperationOutcome",
            "issue": [{ "severity": "error", "code": self.issue, "details": details }],
        })
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let challenge = self.code.and_then(ResponseCode::challenge);
        (self.status, AppendHeaders(challenge), Resource(self.told())).into_response()
    }
}
