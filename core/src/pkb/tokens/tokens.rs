//! The tokens of a link, and all else that is sealed of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Secret;

/// What the platform gives for a code or a refresh token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::pkb) struct Tokens {
    pub access_token: Secret<String>,
    /// Serves once. None where the access token will outlive the session.
    pub refresh_token: Option<Secret<String>>,
    /// When the access token expires, in milliseconds since 1970.
    pub expires_at: i64,
    pub scope: Option<String>,
    /// Whether the refresh token has served before, PKB having given no other since.
    #[serde(default)]
    pub last_resort: bool,
}

impl Tokens {
    /// Whether they are the same pair, whatever is known of what has become of it.
    pub(in crate::pkb) fn is_pair_of(&self, other: &Self) -> bool {
        self.access_token == other.access_token
    }
}

/// What is sealed of a link.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::pkb) struct LinkDocument {
    pub tokens: Tokens,
    /// The id of the attempt that it was made by.
    pub attempt: String,
    /// Why no token serves any more: what a `LinkExpiredError` tells each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Whose writing says so: they tell the application of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
    /// What a later version of the SDK has added: it stays.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}
