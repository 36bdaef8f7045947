//! The tokens of clients that act by themselves (RFC 6749 section 4.4): of each kind one, fetched once, however many calls need it, and kept until
//! shortly before its end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::token_endpoint::{Asker, over, tokens};
use crate::connections::keeping::{Keeper, Tokens};
use crate::pkb::surfaces::Api;
use crate::pkb::{Client, ClientAuthentication};
use crate::single_flight::SingleFlight;
use crate::{Error, Secret};

/// What errors call the token endpoint.
fn label(api: &Api) -> &'static str {
    if api.surface.is_for_customer_systems() {
        "PKB's token endpoint for Customer System Clients"
    } else {
        "PKB's token endpoint for System Clients"
    }
}

/// The tokens that serve at present, by their kinds.
pub(in crate::pkb) struct SystemTokens {
    kept: Mutex<HashMap<[u8; 32], Tokens>>,
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
        self.kept()
            .retain(|_, tokens| tokens.access_token != *refused);
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<[u8; 32], Tokens>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A token that serves at an API.
pub(in crate::pkb) async fn current(client: &Client, api: &Api) -> Result<Tokens, Error> {
    let system_tokens = client.system_tokens();
    let margin = client.keeping().margin.as_millis();
    let margin = i64::try_from(margin).unwrap_or(i64::MAX);
    let serves = |tokens: &Tokens| tokens.expires_at.saturating_sub(margin) > client.now_ms();
    let kind = api.token_kind();
    let kept = system_tokens.kept().get(&kind).cloned();
    if let Some(tokens) = kept.filter(serves) {
        return Ok(tokens);
    }
    let fresh = system_tokens.fetches.join(client.world(), kind, |_| {
        let (client, api) = (client.clone(), api.clone());
        async move { Some(fetch(&client, &api).await) }
    });
    let fresh = fresh.await?;
    system_tokens.kept().insert(kind, fresh.clone());
    Ok(fresh)
}

async fn fetch(client: &Client, api: &Api) -> Result<Tokens, Error> {
    let (system, address) = api.token_source()?;
    let asker = Asker {
        client_id: &system.client_id,
        client_secret: Some(system.client_secret.expose()),
        authentication: system
            .client_authentication
            .unwrap_or(ClientAuthentication::Basic),
    };
    let grant = [("grant_type", "client_credentials")];
    let label = label(api);
    let fresh = tokens(client, address, label, &asker, &grant, None).await;
    fresh.map_err(|refusal| refusal.into_error(|code| over(label, code)))
}
