//! The SDK that a call says it comes from.

use serde_json::Value;

use crate::error::ApiError;

/// Refuses a body that does not name an SDK and its version.
pub fn check(body: &Value) -> Result<(), ApiError> {
    let named = |member: &str| {
        body["agent"]["sdk"][member]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    };
    if named("name") && named("version") {
        Ok(())
    } else {
        Err(ApiError::sdk_invalid())
    }
}
