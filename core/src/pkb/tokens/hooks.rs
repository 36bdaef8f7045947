//! What an application is told without asking.

use serde::Serialize;

use crate::connections::ConnectionChange;
use crate::pkb::Link;
use crate::{Callback, Error};

/// The functions of the application.
#[derive(Debug, Clone)]
pub(crate) struct Hooks {
    pub tokens_changed: Option<Callback<TokensChanged>>,
    pub link_expired: Option<Callback<Link>>,
    pub link_changed: Option<Callback<LinkEvent>>,
}

/// A change of a link.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LinkEvent {
    /// What has become of it.
    pub change: ConnectionChange,
    /// How it stands now; of one that was removed, how it stood.
    pub link: Link,
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

    pub(crate) async fn link_changed(&self, event: LinkEvent) -> Result<(), Error> {
        match &self.link_changed {
            Some(hook) => hook.tell(event).await,
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
