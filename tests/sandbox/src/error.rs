//! How the platform refuses: the body, the headers, and the status and code that belong to each reason.
//!
//! The platform publishes the status of few of its codes; the others have the one that its SDKs' own tests expect, or
//! else the one that OAuth gives the reason.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::HeaderMap};
use serde_json::json;

use crate::jwt::JwtError;
use crate::random;

/// Header that repeats the error's code.
pub const X_ERROR_CODE: HeaderName = HeaderName::from_static("x-error-code");
const X_ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-error-message");
const X_ERROR_REFERENCE: HeaderName = HeaderName::from_static("x-error-reference");

/// A refusal.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// The request itself is not as it must be: a claim, the timestamp, the nonce.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequest", message)
    }

    /// The content that was sent is not as it must be.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ValidationErrors", message)
    }

    /// A header rules the request out before its content is looked at.
    pub fn not_acceptable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "ValidationErrors", message)
    }

    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "ValidationErrors",
            "The body is too large",
        )
    }

    /// The bearer is no token of this client. Not `InvalidToken`, which would make clients refresh.
    pub fn invalid_jwt(error: &JwtError) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "InvalidJWT",
            format!("The bearer {error}"),
        )
    }

    pub fn invalid_client() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "InvalidClient",
            "The client_id names no registered contract",
        )
    }

    /// A code or token is unknown, spent, expired or another contract's; `kind` is the claim's name in OAuth.
    pub fn invalid_token(kind: &str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "InvalidToken",
            format!("The token ({kind}) is invalid"),
        )
    }

    pub fn insufficient_scope() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "InsufficientScope",
            "The request requires higher privileges",
        )
    }

    /// Says what the platform does not: what to give instead, and how this one takes more.
    pub fn invalid_redirect_uri(uri: &str, registered: &[String]) -> Self {
        let registered = registered.join(", ");
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidRedirectUri",
            format!(
                "The redirect_uri ({uri}) is invalid; registered are {registered}, and more by the sandbox's --redirect-uri"
            ),
        )
    }

    pub fn sdk_invalid() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "SDKInvalid",
            "The body's agent.sdk must have a name and a version",
        )
    }

    pub fn account_not_found() -> Self {
        Self::not_found("The user has no account of this id")
    }

    /// The source does not let the platform in until the person has logged in again.
    pub fn service_authorization() -> Self {
        Self::new(
            StatusCode::NETWORK_AUTHENTICATION_REQUIRED,
            "ServiceAuthorizationError",
            "The source asks the person to log in again",
        )
    }

    /// Tells nothing of whose session it is.
    pub fn session_invalid() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "SessionInvalid",
            "The session is unknown, has expired or is another's",
        )
    }

    pub fn file_not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "FileNotFound",
            "The session's list has no file of this name",
        )
    }

    /// The sandbox itself fails.
    pub fn internal(message: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            message,
        )
    }

    pub fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let reference = random::token();
        let mut headers = HeaderMap::new();
        headers.insert(X_ERROR_CODE, HeaderValue::from_static(self.code));
        headers.insert(X_ERROR_MESSAGE, header_text(&self.message));
        headers.insert(X_ERROR_REFERENCE, header_text(&reference));
        let body = json!({ "error": { "code": self.code, "message": self.message, "reference": reference } });
        (self.status, headers, Json(body)).into_response()
    }
}

/// The text as a header can carry it: messages may quote what the client sent.
fn header_text(text: &str) -> HeaderValue {
    let printable = |character: char| character == ' ' || character.is_ascii_graphic();
    let text: String = text
        .chars()
        .map(|character| if printable(character) { character } else { '?' })
        .collect();
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
