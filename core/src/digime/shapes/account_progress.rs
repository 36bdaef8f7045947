//! How far a session is with an account, and what is wrong with it where something is.

use serde::Deserialize;

use crate::Described;
use crate::document::{JsonNumber, if_understood};

/// How far a session is with an account. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct AccountProgress {
    /// `running`, `completed` or `partial`; another word of the platform is handed on.
    #[serde(default, deserialize_with = "if_understood")]
    pub state: Option<String>,
    /// Why it is `partial`.
    #[serde(default, deserialize_with = "if_understood")]
    pub error: Option<Described<AccountError>>,
}

/// Why not all of an account could be fetched. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct AccountError {
    /// The platform's code: `ServiceAuthorizationError`.
    #[serde(default, deserialize_with = "if_understood")]
    pub code: Option<String>,
    /// The HTTP status that goes with it.
    #[serde(default, deserialize_with = "if_understood")]
    pub status_code: Option<i64>,
    /// The same in words.
    #[serde(default, deserialize_with = "if_understood")]
    pub message: Option<String>,
    /// Whether the person has to log in at the source again: `getReauthorizeAccountUrl` says where.
    #[serde(default, deserialize_with = "if_understood")]
    pub reauth: Option<bool>,
    /// When the source may be asked again, as the platform says it.
    #[serde(default, deserialize_with = "if_understood")]
    pub retry_after: Option<JsonNumber>,
    /// What is wrong with types of objects.
    #[serde(default, deserialize_with = "if_understood")]
    pub object_type_errors: Option<Vec<Described<ObjectTypeError>>>,
}

/// What is wrong with a type of objects. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct ObjectTypeError {
    /// The id of the type.
    #[serde(default, deserialize_with = "if_understood")]
    pub object_type: Option<i64>,
    /// What is wrong.
    #[serde(default, deserialize_with = "if_understood")]
    pub error: Option<Described<InnerError>>,
    /// All that is wrong, where the platform tells more than one.
    #[serde(default, deserialize_with = "if_understood")]
    pub errors: Option<Vec<Described<InnerError>>>,
}

/// One thing that is wrong. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct InnerError {
    /// The platform's code.
    #[serde(default, deserialize_with = "if_understood")]
    pub code: Option<String>,
    /// The same in words.
    #[serde(default, deserialize_with = "if_understood")]
    pub message: Option<String>,
    /// The HTTP status that goes with it.
    #[serde(default, deserialize_with = "if_understood")]
    pub status_code: Option<i64>,
}
