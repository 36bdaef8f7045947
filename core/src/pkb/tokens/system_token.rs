//! The token of the System Client (RFC 6749 section 4.4): fetched once, however many calls need it, and kept until shortly before its end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::token_endpoint::{Asker, over, tokens};
use crate::connections::keeping::{Keeper, Tokens};
use crate::error::Invalid;
use crate::pkb::{Client, ClientAuthentication};
use crate::single_flight::SingleFlight;
use crate::{Error, Secret};

const LABEL: &str = "PKB's token endpoint for System Clients";

/// The token that serves at present.
pub(in crate::pkb) struct SystemTokens {
    kept: Mutex<Option<Tokens>>,
    fetches: SingleFlight<Tokens>,
}

impl Default for SystemTokens {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            fetches: SingleFlight::forgetting(),
        }
    }
}

impl SystemTokens {
    /// Lets go of a token that PKB has refused.
    pub(in crate::pkb) fn forget(&self, refused: &Secret<String>) {
        let mut kept = self.kept();
        if kept
            .as_ref()
            .is_some_and(|tokens| tokens.access_token == *refused)
        {
            *kept = None;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Option<Tokens>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A token that serves.
pub(in crate::pkb) async fn current(client: &Client) -> Result<Tokens, Error> {
    let system_tokens = client.system_tokens();
    let margin = client.keeping().margin.as_millis();
    let margin = i64::try_from(margin).unwrap_or(i64::MAX);
    let serves = |tokens: &Tokens| tokens.expires_at.saturating_sub(margin) > client.now_ms();
    let kept = system_tokens.kept().clone();
    if let Some(tokens) = kept.filter(serves) {
        return Ok(tokens);
    }
    let fresh = system_tokens.fetches.join(client.world(), [0; 32], |_| {
        let client = client.clone();
        async move { Some(fetch(&client).await) }
    });
    let fresh = fresh.await?;
    *system_tokens.kept() = Some(fresh.clone());
    Ok(fresh)
}

async fn fetch(client: &Client) -> Result<Tokens, Error> {
    let settings = client.settings();
    let missing =
        |path: &'static str, reason: &'static str| Error::from(Invalid::new(path, reason));
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
    let asker = Asker {
        client_id: &system.client_id,
        client_secret: Some(system.client_secret.expose()),
        authentication: system
            .client_authentication
            .unwrap_or(ClientAuthentication::Basic),
    };
    let grant = [("grant_type", "client_credentials")];
    let fresh = tokens(client, address, LABEL, &asker, &grant, None).await;
    fresh.map_err(|refusal| refusal.into_error(|code| over(LABEL, code)))
}
