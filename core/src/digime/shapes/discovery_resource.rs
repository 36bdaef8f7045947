//! The picture of a source, a country or a category.

use serde::Deserialize;

use crate::document::if_understood;

/// A picture, as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct DiscoveryResource {
    /// Its address.
    #[serde(default, deserialize_with = "if_understood")]
    pub url: Option<String>,
    /// Its media type.
    #[serde(default, deserialize_with = "if_understood")]
    pub mimetype: Option<String>,
    /// What it is resized by.
    #[serde(default, deserialize_with = "if_understood")]
    pub resize: Option<String>,
    /// The kind of picture.
    #[serde(default, rename = "type", deserialize_with = "if_understood")]
    pub kind: Option<i64>,
}
