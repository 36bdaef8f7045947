//! A link and a token, as applications see them.

use serde::Serialize;

use crate::connections::keeping::Tokens;
use crate::connections::making::Made;
use crate::connections::{LinkRecord, LinkStatus};
use crate::{Document, Secret};

/// A patient who uses your application, linked to their PKB record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct Link {
    /// Your own id of the user.
    pub app_user_id: String,
    /// The patient's PKB public id: the `id` of their FHIR `Patient`.
    pub public_id: String,
    /// How the link stands.
    pub status: LinkStatus,
    /// When the patient linked, in milliseconds since 1970.
    pub linked_at: i64,
    /// When the tokens were last replaced, in milliseconds since 1970.
    pub refreshed_at: i64,
    /// What `getLinkUrl` was given as `context`; `completeLink` alone gives it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Document>,
}

impl From<LinkRecord> for Link {
    fn from(record: LinkRecord) -> Self {
        Self {
            app_user_id: record.app_user_id,
            public_id: record.public_id,
            status: record.status,
            linked_at: record.linked_at,
            refreshed_at: record.refreshed_at,
            context: None,
        }
    }
}

impl From<Made> for Link {
    fn from(made: Made) -> Self {
        Self {
            context: made.context,
            ..Self::from(made.record)
        }
    }
}

/// An access token, to make calls with otherwise.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct IssuedToken {
    /// What goes into `Authorization: Bearer …`. Ask anew for each call: tokens last minutes.
    pub access_token: Secret<String>,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: i64,
}

impl From<Tokens> for IssuedToken {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            expires_at: tokens.expires_at,
        }
    }
}
