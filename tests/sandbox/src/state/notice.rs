//! What the platform has to say about the version of the SDK.

use serde::Deserialize;

/// What it says, in whatever words. They are headers, so no line of them ends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Notice {
    pub status: Option<String>,
    pub message: Option<String>,
}
