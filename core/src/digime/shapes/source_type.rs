//! Which way data goes.

use serde::{Deserialize, Serialize};

/// Whether sources are added to read from, or to push to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum SourceType {
    /// Sources are read from.
    #[default]
    Pull,
    /// Sources are pushed to.
    Push,
}

impl SourceType {
    pub(in crate::digime) fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
        }
    }
}
