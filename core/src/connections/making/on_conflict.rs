//! What an application wants done where others are connected already.

use serde::Deserialize;

/// What to do if a user or a record is linked already, to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum OnConflict {
    /// Link nothing.
    Refuse,
    /// Take the place of those links.
    Replace,
}
