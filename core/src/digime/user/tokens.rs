//! What is spent for tokens, once however many calls need it: codes and refresh tokens, and the tokens that came of them.

use std::pin::pin;
use std::time::Duration;

use serde_json::json;
use tokio::sync::oneshot;

use super::token_endpoint::{refresh, tokens_for};
use crate::crypto::digest::sha256;
use crate::digime::{Client, Contract, TokenHook, UserAccessToken};
use crate::http::Limit;
use crate::single_flight::{Key, SingleFlight};
use crate::world::Event;
use crate::{Error, Secret};

/// How long what has been handed over goes on answering for what was spent on it: as long as a call that left with the old token may take
/// to come back with a 401.
const REMEMBERED: Duration = Duration::from_mins(10);
/// How many tokens are followed, each the successor of the one before.
const MOST_SUCCESSORS: u32 = 64;

/// Exchanges and refreshes under way, and those done.
pub(in crate::digime) struct Tokens(SingleFlight<UserAccessToken>);

impl Default for Tokens {
    fn default() -> Self {
        Self(SingleFlight::remembering(REMEMBERED))
    }
}

/// A token that has taken the place of another.
pub(in crate::digime) struct Successor {
    pub token: UserAccessToken,
    /// Whether it has come since it was asked for. One that is remembered may have expired meanwhile, too.
    pub is_new: bool,
}

impl Tokens {
    /// The token that replaces `spent`, once the application has been told of it: of the refresh that this call starts, or of one that
    /// another has started; where that has been replaced since, the newest, or the application would store a token that is spent. Who is
    /// cancelled meanwhile, or has waited long enough for the platform, leaves; the refresh goes on, and so does the telling. The application's
    /// own function is waited for as long as it takes, or what it cannot store would be lost with the call.
    pub(in crate::digime) async fn refreshed(
        &self,
        client: &Client,
        contract: &Contract,
        spent: &UserAccessToken,
        hook: Option<TokenHook>,
    ) -> Result<Successor, Error> {
        let (call, contract, spent) = (client.clone(), contract.clone(), spent.clone());
        let (came, has_come) = oneshot::channel();
        let telling = client.detached(async move {
            let tokens = call.tokens();
            let work = || {
                let (client, contract, spent) = (call.spending(), contract.clone(), spent.clone());
                async move { Some(refresh(&client, &contract, &spent).await) }
            };
            let key = identity(&contract, &spent);
            let is_new = !tokens.0.remembers(key);
            // Whoever else needs it may keep other things beside it.
            let in_place = |token: UserAccessToken| token.in_place_of(&spent);
            let token = match tokens.0.join(call.world(), key, |_| work()).await {
                Ok(token) => in_place(tokens.latest(&call, &contract, token).await),
                Err(error) => return Err(error.replacing_user_access_token(in_place)),
            };
            let _ = came.send(());
            if let Some(hook) = hook {
                let told = hook.tell(token.clone()).await;
                // It is spent for nothing if nobody stores what has come of it.
                told.map_err(|error| error.with_user_access_token(token.clone()))?;
                call.world().observe(|| Event::TokenStored);
            }
            Ok(Successor { token, is_new })
        });
        let mut telling = pin!(telling);
        let platform = async {
            tokio::select! {
                biased;
                told = &mut telling => Ok(Some(told)),
                _ = has_come => Ok(None),
            }
        };
        match waiting(client, "the refresh of the user's token", platform).await? {
            Some(told) => told,
            None => telling.await,
        }
    }

    /// The token that a code is good for.
    pub(in crate::digime) async fn exchanged(
        &self,
        client: &Client,
        contract: &Contract,
        code: &str,
        code_verifier: &str,
    ) -> Result<UserAccessToken, Error> {
        let key = sha256(&[
            b"code",
            contract.key_id(),
            contract.id().as_bytes(),
            &[0],
            code.as_bytes(),
            &[0],
            code_verifier.as_bytes(),
        ]);
        let secret = |text: &str| Secret::from(text);
        let (code, code_verifier) = (secret(code), secret(code_verifier));
        let work = || {
            let (client, contract) = (client.spending(), contract.clone());
            let claims = json!({
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": code_verifier,
            });
            async move { Some(tokens_for(&client, &contract, claims).await) }
        };
        let exchange = self.0.join(client.world(), key, |_| work());
        waiting(client, "the exchange of the code", exchange).await
    }

    /// The token that has taken the place of this one, as far as is known here: waits for a refresh that is under way.
    pub(in crate::digime) async fn latest(
        &self,
        client: &Client,
        contract: &Contract,
        token: UserAccessToken,
    ) -> UserAccessToken {
        let mut latest = token;
        for _ in 0..MOST_SUCCESSORS {
            let known = self.0.known(client.world(), identity(contract, &latest));
            match waiting(client, "the refresh of the user's token", async {
                known.await.transpose()
            })
            .await
            {
                Ok(Some(successor)) if successor != latest => {
                    latest = successor.in_place_of(&latest);
                }
                _ => break,
            }
        }
        latest
    }
}

/// Waits as long as the call may take.
async fn waiting<T>(
    client: &Client,
    what: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    Limit::bound(client.waiting(), &*client.world().clock, what, work).await?
}

/// A digest, so that no map holds a token. Of both tokens: a platform that lets a refresh token serve again gives a new access token each
/// time.
fn identity(contract: &Contract, token: &UserAccessToken) -> Key {
    sha256(&[
        b"token",
        contract.id().as_bytes(),
        &[0],
        token.refresh_token.value.expose().as_bytes(),
        &[0],
        token.access_token.value.expose().as_bytes(),
    ])
}
