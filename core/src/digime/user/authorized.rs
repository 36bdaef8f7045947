//! A user access token within one call: which requests it makes, when it is refreshed, and how the application learns of it.

use super::Acting;
use crate::digime::connection::Kept;
use crate::digime::failure::concerns_access_token;
use crate::digime::{Client, Contract, Token, TokenHook, UserAccessToken};
use crate::http::{Request, Response};
use crate::{Error, NonEmptyString};

/// How long before its end a token counts as expired where a stream is to be sent, in seconds.
const MARGIN: i64 = 30;

/// A user access token while a call uses it.
pub(crate) struct Authorized<'a> {
    client: &'a Client,
    contract: &'a Contract,
    token: UserAccessToken,
    keeper: Keeper,
    may_refresh: bool,
    /// Whether there is another token by now than the one given.
    refreshed: bool,
    /// Whether that was had from the platform for this call.
    is_new: bool,
}

/// Who keeps the token when it changes.
enum Keeper {
    /// The application, which learns it by this function, or by what the call gives.
    Application(Option<TokenHook>),
    /// The SDK, for this user of the application.
    Sdk(Box<Kept>, NonEmptyString),
}

impl<'a> Authorized<'a> {
    pub(crate) async fn begin(
        client: &'a Client,
        contract: &'a Contract,
        acting: Acting,
    ) -> Result<Self, Error> {
        let (token, keeper) = match acting {
            Acting::WithToken(token, hook) => (token, Keeper::Application(hook)),
            Acting::For(user) => {
                let kept = client.kept(contract)?;
                let (token, _) = kept.token(&user, None).await?;
                (token, Keeper::Sdk(Box::new(kept), user))
            }
        };
        Ok(Self {
            client,
            contract,
            token,
            keeper,
            may_refresh: true,
            refreshed: false,
            is_new: false,
        })
    }

    /// For calls that do not refresh in the JavaScript SDK, whose response has no place for a new token: they refresh only
    /// where the application learns of it by its hook.
    pub(crate) fn refreshing_only_if_heard(mut self) -> Self {
        self.may_refresh = !matches!(self.keeper, Keeper::Application(None));
        self
    }

    pub(crate) fn client(&self) -> &'a Client {
        self.client
    }

    pub(crate) fn contract(&self) -> &'a Contract {
        self.contract
    }

    /// Sends a signed request as this user. A 401 that a new token may cure leads to a repeat with another: the application learns it before it is
    /// used. One that an earlier call or another process has brought may have expired as well, so it is tried with each of these, and in the end with
    /// one that this call has had from the platform.
    pub(crate) async fn send(&mut self, request: Request) -> Result<Response, Error> {
        self.outcome_of(request).await?
    }

    /// The same, which tells what has come of the request from an error that no token could be had for it.
    pub(crate) async fn outcome_of(
        &mut self,
        mut request: Request,
    ) -> Result<Result<Response, Error>, Error> {
        while self.must_not_fail_late(&request) {
            self.refresh().await?;
        }
        loop {
            request = request.acting_for(&self.token.access_token.value);
            match self.client.attempt(&request).await {
                Err(error) if concerns_access_token(&error) => {
                    // Also one that was new: others may have read it since.
                    if let Keeper::Sdk(kept, user) = &self.keeper {
                        kept.forget_token(user);
                    }
                    if !self.may_refresh || self.is_new {
                        return Err(error);
                    }
                    self.refresh().await?;
                }
                outcome => return Ok(outcome),
            }
        }
    }

    /// What became of the call, an error carrying the new token if there is one: the old one is spent.
    pub(crate) fn conclude<T>(&self, outcome: Result<T, Error>) -> Result<T, Error> {
        outcome.map_err(|error| {
            if self.refreshed && self.is_applications() {
                error.with_user_access_token(self.token.clone())
            } else {
                error
            }
        })
    }

    /// The token that replaced the one given, if a refresh did; none where it is kept.
    pub(crate) fn into_new_token(self) -> Option<UserAccessToken> {
        (self.refreshed && self.is_applications()).then_some(self.token)
    }

    /// The token to go on with; none where it is kept.
    pub(crate) fn into_token(self) -> Option<UserAccessToken> {
        self.is_applications().then_some(self.token)
    }

    fn is_applications(&self) -> bool {
        matches!(self.keeper, Keeper::Application(_))
    }

    /// A stream longer than what is kept of it cannot be sent again, so a token that has expired, or is about to, is not tried on one.
    fn must_not_fail_late(&self, request: &Request) -> bool {
        let Token { expiry, .. } = self.token.access_token;
        let now = i64::try_from(self.client.world().now_ms() / 1000).unwrap_or(i64::MAX);
        let may_refresh =
            self.may_refresh && !self.is_new && !self.token.refresh_token.value.expose().is_empty();
        request.is_stream() && may_refresh && expiry > 0 && expiry <= now.saturating_add(MARGIN)
    }

    async fn refresh(&mut self) -> Result<(), Error> {
        let (client, contract) = (self.client, self.contract);
        let hook = match &self.keeper {
            Keeper::Application(hook) => hook.clone(),
            Keeper::Sdk(kept, user) => {
                let spent = &self.token.access_token.value;
                let (token, is_new) = kept.token(user, Some(spent)).await?;
                // What stands there may be what was refused: nothing better is to be had.
                self.is_new = is_new || token == self.token;
                self.token = token;
                return Ok(());
            }
        };
        match client
            .tokens()
            .refreshed(client, contract, &self.token, hook)
            .await
        {
            Ok(successor) => {
                self.token = successor.token;
                self.refreshed = true;
                self.is_new = successor.is_new;
                Ok(())
            }
            Err(error) => {
                // It may bring the token along, where the application could not take it.
                if let Some(token) = error.user_access_token() {
                    self.token = token.clone();
                    self.refreshed = true;
                    self.is_new = true;
                }
                Err(error)
            }
        }
    }
}
