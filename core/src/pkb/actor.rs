//! On whose behalf a call is made, and how it is made with their token: refreshed once if PKB says that it has expired.

use http::StatusCode;

use super::Client;
use super::meaning::{Meaning, check, meaning, refuses_token};
use super::tokens::system_token;
use crate::connections::keeping::access::tokens;
use crate::connections::keeping::{Keeper, Tokens, mark_expired};
use crate::error::Invalid;
use crate::http::{Request, Response, exchange};
use crate::{Error, NonEmptyString};

/// A patient, or an organisation.
pub(super) enum Actor {
    /// The patient who is this app user.
    Patient(NonEmptyString),
    /// The organisation with this PKB public id, by its System Client.
    Organisation(NonEmptyString),
}

impl Actor {
    /// From the two options of which one is to be given.
    pub(super) fn of(
        app_user_id: Option<NonEmptyString>,
        org_public_id: Option<NonEmptyString>,
    ) -> Result<Self, Error> {
        match (app_user_id, org_public_id) {
            (Some(user), None) => Ok(Self::Patient(user)),
            (None, Some(organisation)) => Ok(Self::Organisation(organisation)),
            (None, None) => Err(Invalid::new(
                "options.appUserId",
                "is missing, and so is orgPublicId: say on whose behalf the call is made",
            )
            .into()),
            (Some(_), Some(_)) => Err(Invalid::new(
                "options.orgPublicId",
                "cannot be given together with appUserId: a call is made on behalf of one of them",
            )
            .into()),
        }
    }

    /// Sends the request on their behalf, and answers with a success.
    pub(super) async fn send(&self, client: &Client, request: Request) -> Result<Response, Error> {
        match self {
            Self::Patient(user) => as_patient(client, user, request).await,
            Self::Organisation(organisation) => {
                let request =
                    request.header("x-org-public-id", organisation, "options.orgPublicId")?;
                as_organisation(client, request).await
            }
        }
    }
}

/// A token that PKB does not take any more is forgotten, and the request made once more with another: it was not acted on.
async fn as_organisation(client: &Client, request: Request) -> Result<Response, Error> {
    let first = system_token::current(client).await?;
    let request = request.bearer(&first.access_token);
    let response = exchange(client, &request).await?;
    if !refuses_token(&response) {
        return check(client, response, request.label());
    }
    client.system_tokens().forget(&first.access_token);
    let second = system_token::current(client).await?;
    if second.access_token == first.access_token {
        return check(client, response, request.label());
    }
    let request = request.bearer(&second.access_token);
    let response = exchange(client, &request).await?;
    check(client, response, request.label())
}

/// A token that has expired is replaced, and the request made again: by one that another has stored as well, which may have been issued before
/// what made PKB refuse the first, but with no more than one refresh of one's own. Each round before that takes another's refresh.
async fn as_patient(client: &Client, user: &str, request: Request) -> Result<Response, Error> {
    let mut presented = tokens(client, user, None).await?.tokens;
    let mut request = request.bearer(&presented.access_token);
    let mut has_refreshed = false;
    loop {
        match attempt(client, user, &request, &presented).await? {
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

enum Answer {
    Answered(Response),
    /// A new token may cure it.
    Expired(Error),
    /// It is refused, but there is a newer token.
    Replaced(Tokens),
}

async fn attempt(
    client: &Client,
    user: &str,
    request: &Request,
    presented: &Tokens,
) -> Result<Answer, Error> {
    let response = exchange(client, request).await?;
    let may_be_spent = request.is_get() && response.status == StatusCode::FORBIDDEN;
    match meaning(client, response, request.label()) {
        Meaning::Success(response) => Ok(Answer::Answered(response)),
        Meaning::TokenExpired(error) => Ok(Answer::Expired(error)),
        // A server may refuse a token as soon as a refresh has replaced it, and say no more than that.
        Meaning::Refused(error) if may_be_spent => {
            let stored = client.connection(user).await?.document.tokens;
            if stored.access_token == presented.access_token {
                return Err(error);
            }
            Ok(Answer::Replaced(stored))
        }
        Meaning::Refused(error) => Err(error),
        Meaning::SessionOver(code) => {
            let marked = mark_expired(client, user, &presented.access_token, &code);
            match marked.await? {
                Some(newer) => Ok(Answer::Replaced(newer)),
                None => Err(client.over(&code)),
            }
        }
    }
}
