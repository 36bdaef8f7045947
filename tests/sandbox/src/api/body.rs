//! How a call's body is admitted: its type is checked before it is read, and its size while it is.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::error::ApiError;

/// A JSON object, and the bytes that it was sent as.
pub struct JsonObject {
    pub value: Value,
    pub bytes: Bytes,
}

/// A JSON object, or no body at all.
pub struct MaybeJsonObject(pub Value);

/// Bytes of whatever kind.
pub struct OctetStream(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = read(request, "application/json", state).await?;
        match serde_json::from_slice(&bytes) {
            Ok(value @ Value::Object(_)) => Ok(Self { value, bytes }),
            _ => Err(ApiError::validation("The body must be a JSON object")),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for MaybeJsonObject {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::new(body), state)
            .await
            .map_err(|_| ApiError::too_large())?;
        if bytes.is_empty() {
            return Ok(Self(json!({})));
        }
        let request = Request::from_parts(parts, bytes.into());
        let object = JsonObject::from_request(request, state).await?;
        Ok(Self(object.value))
    }
}

impl<S: Send + Sync> FromRequest<S> for OctetStream {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Ok(Self(
            read(request, "application/octet-stream", state).await?,
        ))
    }
}

async fn read<S: Send + Sync>(
    request: Request,
    content_type: &str,
    state: &S,
) -> Result<Bytes, ApiError> {
    let sent = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = sent.and_then(|sent| sent.split(';').next()).map(str::trim);
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case(content_type)) {
        return Err(ApiError::not_acceptable(format!(
            "The header Content-Type must be {content_type}"
        )));
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|_| ApiError::too_large())
}
