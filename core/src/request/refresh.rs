//! A user access token within one call: the one place that refreshes, once per token however many calls need it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::{BoxFuture, FutureExt, Shared};

use super::{Body, Request, Response, Sender, failure, retry};
use crate::crypto::digest::sha256;
use crate::digime::{Contract, TokenHook, UserAccessToken, refresh_token};
use crate::{Client, Error};

/// How long a finished refresh answers for the token that it spent: as long as a call that left with the old token may take
/// to come back with a 401.
const REMEMBERED: Duration = Duration::from_mins(10);

/// A user access token while a call uses it.
pub(crate) struct Authorized<'a> {
    client: &'a Client,
    contract: &'a Contract,
    token: UserAccessToken,
    hook: Option<TokenHook>,
    may_refresh: bool,
    refreshed: bool,
}

impl<'a> Authorized<'a> {
    pub(crate) fn new(
        client: &'a Client,
        contract: &'a Contract,
        token: UserAccessToken,
        hook: Option<TokenHook>,
    ) -> Self {
        Self {
            client,
            contract,
            token,
            hook,
            may_refresh: true,
            refreshed: false,
        }
    }

    /// For calls that do not refresh in the JavaScript SDK, whose response has no place for a new token: they refresh only
    /// where the application learns of it by its hook.
    pub(crate) fn refreshing_only_if_heard(mut self) -> Self {
        self.may_refresh = self.hook.is_some();
        self
    }

    pub(crate) fn client(&self) -> &'a Client {
        self.client
    }

    pub(crate) fn contract(&self) -> &'a Contract {
        self.contract
    }

    /// Sends a signed request as this user. A 401 that a new token may cure leads to one refresh and one repeat; the
    /// application learns the new token before it is used.
    pub(crate) async fn send(&mut self, mut request: Request) -> Result<Response, Error> {
        if self.must_not_fail_late(&request) {
            self.refresh().await?;
        }
        request = request.acting_for(&self.token);
        match self.attempt(&request).await {
            Err(error)
                if self.may_refresh
                    && !self.refreshed
                    && failure::concerns_access_token(&error) =>
            {
                self.refresh().await?;
                self.attempt(&request.acting_for(&self.token)).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Response, Error> {
        retry::send(self.client.sending(), request)
            .await
            .and_then(failure::check)
    }

    /// What became of the call, an error carrying the new token if there is one: the old one is spent.
    pub(crate) fn conclude<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        outcome.map_err(|error| {
            if self.refreshed {
                error.with_user_access_token(self.token.clone())
            } else {
                error
            }
        })
    }

    /// The token that replaced the one given, if a refresh did.
    pub(crate) fn into_new_token(self) -> Option<UserAccessToken> {
        self.refreshed.then_some(self.token)
    }

    /// The token to go on with.
    pub(crate) fn into_token(self) -> UserAccessToken {
        self.token
    }

    /// A stream longer than what is kept of it cannot be sent again, so a token that is known to have expired is not tried on one.
    fn must_not_fail_late(&self, request: &Request) -> bool {
        let expiry = self.token.access_token.expiry;
        let now = i64::try_from(self.client.world().now_ms() / 1000).unwrap_or(i64::MAX);
        matches!(request.body, Body::Stream(_)) && expiry > 0 && expiry <= now
    }

    async fn refresh(&mut self) -> Result<(), Error> {
        self.token = self
            .client
            .refreshes()
            .refreshed(self.client, self.contract, &self.token)
            .await?;
        self.refreshed = true;
        match &self.hook {
            Some(hook) => hook.tell(self.token.clone()).await,
            None => Ok(()),
        }
    }
}

type Refresh = Shared<BoxFuture<'static, Result<UserAccessToken, Error>>>;

/// The refreshes under way and those just done, by the tokens that they replace.
#[derive(Default)]
pub(crate) struct Refreshes(Mutex<HashMap<[u8; 32], (SystemTime, Refresh)>>);

impl Refreshes {
    /// The token that replaces `spent`: of the refresh that this call starts, or of one that another call has started.
    pub(crate) async fn refreshed(
        &self,
        client: &Client,
        contract: &Contract,
        spent: &UserAccessToken,
    ) -> Result<UserAccessToken, Error> {
        let id = identity(contract, spent);
        let refresh = self.join(client, contract, spent, id);
        let outcome = refresh.clone().await;
        if outcome.is_err() {
            // Another call may have begun anew meanwhile: that one stays.
            self.with(|refreshes| {
                if refreshes
                    .get(&id)
                    .is_some_and(|(_, current)| current.ptr_eq(&refresh))
                {
                    refreshes.remove(&id);
                }
            });
        }
        outcome
    }

    fn join(
        &self,
        client: &Client,
        contract: &Contract,
        spent: &UserAccessToken,
        id: [u8; 32],
    ) -> Refresh {
        let now = client.world().clock.now();
        self.with(|refreshes| {
            refreshes.retain(|_, (started, _)| {
                now.duration_since(*started).unwrap_or_default() < REMEMBERED
            });
            let (_, refresh) = refreshes.entry(id).or_insert_with(|| {
                let (client, contract, spent) = (client.clone(), contract.clone(), spent.clone());
                // A task of its own: a call that is cancelled meanwhile must not take with it the new token of a spent one.
                let task = tokio::spawn(async move {
                    refresh_token::refresh(&client, &contract, &spent).await
                });
                let outcome = task.map(|ended| {
                    ended.unwrap_or_else(|_| Err(Error::sdk("the refresh of the token broke off")))
                });
                (now, outcome.boxed().shared())
            });
            refresh.clone()
        })
    }

    fn with<T>(&self, look: impl FnOnce(&mut HashMap<[u8; 32], (SystemTime, Refresh)>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A digest, so that the map holds no token. Of both tokens: a platform that lets a refresh token serve again gives a new access
/// token each time.
fn identity(contract: &Contract, token: &UserAccessToken) -> [u8; 32] {
    sha256(&[
        contract.id().as_bytes(),
        &[0],
        token.refresh_token.value.expose().as_bytes(),
        &[0],
        token.access_token.value.expose().as_bytes(),
    ])
}
