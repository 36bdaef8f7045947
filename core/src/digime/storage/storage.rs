//! A storage in the platform's cloud.

use serde::Deserialize;

/// A storage in the platform's cloud. What this SDK does not know of is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct Storage {
    /// The storage's id.
    pub id: String,
    /// The id of its key.
    pub kid: String,
}
