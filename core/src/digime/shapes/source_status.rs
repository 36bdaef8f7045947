//! Whether a source, or what stands between it and the platform, is disturbed.

use serde::Deserialize;

use crate::Described;
use crate::document::{JsonNumber, if_understood};

/// That something is disturbed, how badly, and when. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct SourceStatus {
    /// `partial` or `full`; another word of the platform is handed on.
    #[serde(default, deserialize_with = "if_understood")]
    pub severity: Option<String>,
    /// What is disturbed: `data`, `auth`; other words of the platform are handed on.
    #[serde(default, deserialize_with = "if_understood")]
    pub scopes: Option<Vec<String>>,
    /// When it is expected to be: `from` and `to`, in milliseconds since 1970, it seems.
    #[serde(default, deserialize_with = "if_understood")]
    #[cfg_attr(feature = "__binding", schemars(with = "Option<crate::JsonObject>"))]
    pub expected_window: Option<Described<SourceWindow>>,
    /// When it was seen to be, likewise.
    #[serde(default, deserialize_with = "if_understood")]
    #[cfg_attr(feature = "__binding", schemars(with = "Option<crate::JsonObject>"))]
    pub observed_window: Option<Described<SourceWindow>>,
}

/// A time with a begin and an end, either of which may be open. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
pub struct SourceWindow {
    /// Its begin: in milliseconds since 1970, it seems. The platform does not say.
    #[serde(default, deserialize_with = "if_understood")]
    pub from: Option<JsonNumber>,
    /// Its end, likewise.
    #[serde(default, deserialize_with = "if_understood")]
    pub to: Option<JsonNumber>,
}

/// What stands between a source and the platform. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct SourceProxy {
    /// Its name.
    #[serde(default, deserialize_with = "if_understood")]
    pub name: Option<String>,
    /// Whether it is disturbed.
    #[serde(default, deserialize_with = "if_understood")]
    pub status: Option<Described<SourceStatus>>,
}
