//! What an application is told without asking.

use serde::Serialize;

use crate::pkb::Link;
use crate::{Callback, Error};

/// The functions of the application.
#[derive(Debug, Clone)]
pub(crate) struct Hooks {
    pub tokens_changed: Option<Callback<TokensChanged>>,
    pub link_expired: Option<Callback<Link>>,
}

/// Which tokens have changed. The tokens themselves stay in the store.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct TokensChanged {
    /// Your own id of the user.
    pub app_user_id: String,
    /// The patient's PKB public id.
    pub public_id: String,
    /// When the new access token expires, in milliseconds since 1970.
    pub access_token_expires_at: i64,
}

impl Hooks {
    pub(crate) async fn tokens_changed(&self, changed: TokensChanged) -> Result<(), Error> {
        match &self.tokens_changed {
            Some(hook) => hook.tell(changed).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn link_expired(&self, link: Link) -> Result<(), Error> {
        match &self.link_expired {
            Some(hook) => hook.tell(link).await,
            None => Ok(()),
        }
    }
}
