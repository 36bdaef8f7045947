//! The header that names an account, in calls whose path holds `h:accountId` in its place.

use axum::http::HeaderMap;

use crate::error::ApiError;

pub fn account_id(headers: &HeaderMap) -> Result<&str, ApiError> {
    headers
        .get("accountId")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| ApiError::validation("The header accountId is missing"))
}
