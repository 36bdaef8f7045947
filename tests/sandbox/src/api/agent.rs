//! The SDK that a call says it comes from, and what that says of the application.

use axum::extract::MatchedPath;
use serde_json::Value;

use crate::error::ApiError;
use crate::state::Platform;

/// Notes what a body says, and refuses one that does not name an SDK and its version.
pub fn check(platform: &Platform, path: &MatchedPath, body: &Value) -> Result<(), ApiError> {
    let named = |member: &str| {
        body["agent"]["sdk"][member]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    };
    if named("name") && named("version") {
        let route = format!("POST {}", path.as_str());
        let mut memory = platform.memory();
        memory.agents.insert(route, body["agent"].clone());
        Ok(())
    } else {
        Err(ApiError::sdk_invalid())
    }
}
