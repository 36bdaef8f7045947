//! The tokens of a link, as they are sealed.

use serde::{Deserialize, Serialize};

use crate::Secret;

/// What the platform gives for a code or a refresh token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tokens {
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
