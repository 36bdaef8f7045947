//! The token of the System Client (RFC 6749 section 4.4): fetched once, however many calls need it, and kept until shortly before its end.

use tokio::sync::Mutex;

use super::token_endpoint::{Asker, tokens};
use super::{Client, ClientAuthentication};
use crate::error::Invalid;
use crate::link::Tokens;
use crate::{Error, Secret};

const LABEL: &str = "PKB's token endpoint for System Clients";

/// The token that serves at present.
#[derive(Default)]
pub(super) struct SystemTokens(Mutex<Option<Tokens>>);

impl SystemTokens {
    /// Lets go of a token that PKB has refused.
    pub(super) async fn forget(&self, refused: &Secret<String>) {
        let mut kept = self.0.lock().await;
        if kept
            .as_ref()
            .is_some_and(|tokens| tokens.access_token == *refused)
        {
            *kept = None;
        }
    }
}

/// A token that serves.
pub(super) async fn current(client: &Client) -> Result<Tokens, Error> {
    let settings = client.settings();
    let missing = |path: &str, reason: &str| Error::from(Invalid::new(path, reason));
    let system = settings.system_client.as_ref().ok_or_else(|| {
        missing(
            "config.systemClient",
            "is missing: only a System Client acts for an organisation",
        )
    })?;
    let address = settings.endpoints.system_token.as_ref().ok_or_else(|| {
        missing(
            "config.endpoints.systemTokenUrl",
            "is missing: PKB documents no address for this environment; ask PKB for it",
        )
    })?;
    // Held while fetching, so that calls that need it at once fetch it once.
    let mut kept = client.system_tokens().0.lock().await;
    let margin = i64::try_from(settings.refresh_margin.as_millis()).unwrap_or(i64::MAX);
    if let Some(tokens) = kept
        .as_ref()
        .filter(|tokens| tokens.expires_at - margin > client.now_ms())
    {
        return Ok(tokens.clone());
    }
    let asker = Asker {
        client_id: &system.client_id,
        client_secret: Some(system.client_secret.expose()),
        authentication: system
            .client_authentication
            .unwrap_or(ClientAuthentication::Basic),
    };
    let grant = [("grant_type", "client_credentials")];
    let fresh = tokens(client, address, LABEL, &asker, &grant)
        .await
        .map_err(|refusal| refusal.into_error(LABEL))?;
    *kept = Some(fresh.clone());
    Ok(fresh)
}
