//! Sample data instead of a real account.

use serde::{Deserialize, Serialize};

/// Sample data instead of a real account.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SampleDataOptions {
    /// Which set of it, from `getServiceSampleDataSets`.
    pub data_set: String,
    /// Whether the person is spared the steps of adding it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_onboard: Option<bool>,
}
