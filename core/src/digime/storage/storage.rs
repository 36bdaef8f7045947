//! A storage in the platform's cloud.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A storage in the platform's cloud.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Storage {
    /// The storage's id.
    pub id: String,
    /// The id of its key.
    pub kid: String,
}
