//! On whose behalf a call is made at which of PKB's APIs, and how it is made with their token: refreshed once if PKB says that it has expired.

use http::StatusCode;

use super::meaning::{Meaning, check, meaning, refuses_token};
use super::tokens::system_token;
use super::{Client, Surface};
use crate::connections::keeping::access::tokens;
use crate::connections::keeping::{Keeper, Tokens, mark_expired};
use crate::error::Invalid;
use crate::http::{Limit, Request, Response, exchange};
use crate::{Error, NonEmptyString};

/// Who calls which API.
pub(super) struct Actor {
    pub surface: Surface,
    pub who: Who,
}

/// A patient, or a client that acts by itself.
pub(super) enum Who {
    /// The patient who is this app user.
    Patient(NonEmptyString),
    /// The organisation with this PKB public id, by its System Client.
    Organisation(NonEmptyString),
    /// The Customer System Client; about the patient who is this app user, if it is about one.
    CustomerSystem(Option<NonEmptyString>),
}

impl Actor {
    /// The patient who is this app user, at an API.
    pub(super) fn patient(surface: Surface, app_user_id: NonEmptyString) -> Self {
        let who = Who::Patient(app_user_id);
        Self { surface, who }
    }

    /// The organisation with this public id, at an API.
    pub(super) fn organisation(surface: Surface, org_public_id: NonEmptyString) -> Self {
        let who = Who::Organisation(org_public_id);
        Self { surface, who }
    }

    /// The Customer System Client, at an API; about the patient who is this app user, if it is about one.
    pub(super) fn customer_system(surface: Surface, about: Option<NonEmptyString>) -> Self {
        let who = Who::CustomerSystem(about);
        Self { surface, who }
    }

    /// From the two options of which one is to be given, or none where it is a Customer System Client who calls. What PKB forbids is refused.
    pub(super) fn of(
        surface: Surface,
        app_user_id: Option<NonEmptyString>,
        org_public_id: Option<NonEmptyString>,
    ) -> Result<Self, Error> {
        let refuse = |path, reason| Err(Invalid::new(path, reason).into());
        match (surface, app_user_id, org_public_id) {
            (Surface::Aggregated | Surface::Customer, None, None) => {
                Ok(Self::customer_system(surface, None))
            }
            (Surface::Aggregated | Surface::Customer, Some(_), _) => refuse(
                "options.appUserId",
                "cannot be given here: your Customer System Client calls this API, and no patient does",
            ),
            (Surface::Aggregated | Surface::Customer, None, Some(_)) => refuse(
                "options.orgPublicId",
                "cannot be given here: your Customer System Client calls this API, and no System Client does",
            ),
            (_, None, None) => refuse(
                "options.appUserId",
                "is missing, and so is orgPublicId: say on whose behalf the call is made",
            ),
            (_, Some(_), Some(_)) => refuse(
                "options.orgPublicId",
                "cannot be given together with appUserId: a call is made on behalf of one of them",
            ),
            (Surface::Messaging, Some(_), None) => refuse(
                "options.appUserId",
                "cannot be given here: PKB takes messages from System Clients alone; give orgPublicId",
            ),
            (Surface::Rest, None, Some(_)) => refuse(
                "options.orgPublicId",
                "cannot be given here: PKB forbids System Clients to call its REST API; give appUserId",
            ),
            (_, Some(user), None) => Ok(Self::patient(surface, user)),
            (_, None, Some(organisation)) => Ok(Self::organisation(surface, organisation)),
        }
    }

    /// Sends the request on their behalf, and answers with a success.
    pub(super) async fn send(&self, client: &Client, request: Request) -> Result<Response, Error> {
        let request = client
            .settings()
            .endpoints
            .apis
            .get(self.surface)?
            .request(request);
        match &self.who {
            Who::Patient(user) => self.as_patient(client, user, request).await,
            Who::Organisation(organisation) => {
                let request =
                    request.header("x-org-public-id", organisation, "options.orgPublicId")?;
                self.as_itself(client, request).await
            }
            Who::CustomerSystem(_) => self.as_itself(client, request).await,
        }
    }

    /// A client's own token that PKB does not take any more is forgotten, and the request made once more with another: it was not acted on.
    async fn as_itself(&self, client: &Client, request: Request) -> Result<Response, Error> {
        let api = client.settings().endpoints.apis.get(self.surface)?;
        let first = system_token::current(client, api).await?;
        let request = request.bearer(&first.access_token);
        let response = self.exchange(client, &request).await?;
        if !refuses_token(&response) {
            return check(client, response, request.label());
        }
        client.system_tokens().forget(&first.access_token);
        let second = system_token::current(client, api).await?;
        if second.access_token == first.access_token {
            return check(client, response, request.label());
        }
        let request = request.bearer(&second.access_token);
        let response = self.exchange(client, &request).await?;
        check(client, response, request.label())
    }

    /// A token that has expired is replaced, and the request made again: by one that another has stored as well, which may have been issued before
    /// what made PKB refuse the first, but with no more than one refresh of one's own. Each round before that takes another's refresh.
    async fn as_patient(
        &self,
        client: &Client,
        user: &str,
        request: Request,
    ) -> Result<Response, Error> {
        let mut presented = tokens(client, user, None).await?.tokens;
        let mut request = request.bearer(&presented.access_token);
        let mut has_refreshed = false;
        loop {
            match self.attempt(client, user, &request, &presented).await? {
                Answer::Answered(response) => return Ok(response),
                Answer::Expired(error) if has_refreshed => return Err(error),
                Answer::Expired(error) => {
                    let serving = tokens(client, user, Some(&presented.access_token)).await?;
                    if serving.tokens.access_token == presented.access_token {
                        return Err(error);
                    }
                    has_refreshed = serving.refreshed;
                    presented = serving.tokens;
                }
                Answer::Replaced(newer) => presented = newer,
            }
            request = request.bearer(&presented.access_token);
        }
    }

    async fn attempt(
        &self,
        client: &Client,
        user: &str,
        request: &Request,
        presented: &Tokens,
    ) -> Result<Answer, Error> {
        let response = self.exchange(client, request).await?;
        let may_be_replaced = response.status == StatusCode::FORBIDDEN;
        match meaning(client, response, request.label()) {
            Meaning::Success(response) => Ok(Answer::Answered(response)),
            // Also where it was new, and the call goes no further: others may have read it since.
            Meaning::TokenExpired(error) => {
                client.links().forget_tokens(user);
                Ok(Answer::Expired(error))
            }
            // A server may refuse a token as soon as a refresh has replaced it, and say no more than that.
            Meaning::Refused(error) if may_be_replaced => {
                client.links().forget_tokens(user);
                if !request.is_get() {
                    return Err(error);
                }
                let stored = client.connection(user).await?.document.tokens;
                if stored.access_token == presented.access_token {
                    return Err(error);
                }
                Ok(Answer::Replaced(stored))
            }
            Meaning::Refused(error) => Err(error),
            Meaning::SessionOver(code) => {
                // Before that is stored, which may take long.
                client.links().forget_tokens(user);
                let marked = mark_expired(client, user, &presented.access_token, &code);
                match marked.await? {
                    Some(newer) => Ok(Answer::Replaced(newer)),
                    None => Err(client.over(&code)),
                }
            }
        }
    }

    /// Sends the request when it is its turn among those about the patient. The token is had before that, so that all who need a new one wait for the same.
    async fn exchange(&self, client: &Client, request: &Request) -> Result<Response, Error> {
        let _turn = match &self.who {
            Who::Patient(user) | Who::CustomerSystem(Some(user)) => {
                let turn = client.manners().turn(user, self.surface);
                let what = format!(
                    "{} (its turn among the patient's requests)",
                    request.label()
                );
                let clock = &*client.world().clock;
                Some(Limit::bound_before_sending(client.call(), clock, &what, turn).await??)
            }
            Who::Organisation(_) | Who::CustomerSystem(None) => None,
        };
        exchange(client, request).await
    }
}

enum Answer {
    Answered(Response),
    /// A new token may cure it.
    Expired(Error),
    /// It is refused, but there is a newer token.
    Replaced(Tokens),
}
