//! What can be asked of the platform's smaller directories.

use serde::{Deserialize, Serialize};

use crate::{JsonObject, Open};

/// Which entries of a directory, and what of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DiscoveryBodyParams {
    /// The query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<Open<DiscoveryQuery>>,
}

/// Which entries, and what of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DiscoveryQuery {
    /// Which fields the answer is to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
    /// What the entries must have: `{ id: [1, 2] }`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<JsonObject>,
}
