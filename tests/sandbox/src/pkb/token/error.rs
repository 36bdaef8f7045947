//! How a request for tokens is refused (RFC 6749 section 5.2).

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde_json::json;

use crate::pkb::token::NOT_KEPT;

/// A refusal.
pub struct TokenError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl TokenError {
    fn bad_request(error: &'static str, description: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            description,
        }
    }

    pub fn invalid_request(description: &'static str) -> Self {
        Self::bad_request("invalid_request", description)
    }

    pub fn invalid_grant(description: &'static str) -> Self {
        Self::bad_request("invalid_grant", description)
    }

    pub fn unsupported_grant_type(description: &'static str) -> Self {
        Self::bad_request("unsupported_grant_type", description)
    }

    pub fn invalid_client(description: &'static str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description,
        }
    }

    /// The system client did not show who it is; OAuth knows no such code.
    pub fn unauthorized() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "unauthorized",
            description: "Full authentication is required to access this resource",
        }
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let challenge = (self.status == StatusCode::UNAUTHORIZED)
            .then_some((WWW_AUTHENTICATE, "Basic realm=\"oauth\""));
        let body = json!({ "error": self.error, "error_description": self.description });
        (self.status, NOT_KEPT, AppendHeaders(challenge), Json(body)).into_response()
    }
}
