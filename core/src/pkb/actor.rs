//! On whose behalf a call is made, and how it is made with their token: refreshed once if PKB says that it has expired.

use super::Client;
use super::meaning::{Meaning, check, meaning};
use super::tokens::access::{mark_expired, over, tokens};
use super::tokens::{Tokens, system_token};
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
                let token = system_token::current(client).await?;
                let request = request.bearer(&token.access_token).header(
                    "x-org-public-id",
                    organisation,
                    "options.orgPublicId",
                )?;
                let response = exchange(client, &request).await?;
                if response.status == http::StatusCode::UNAUTHORIZED {
                    client.system_tokens().forget(&token.access_token);
                }
                check(client, response, request.label())
            }
        }
    }
}

async fn as_patient(client: &Client, user: &str, request: Request) -> Result<Response, Error> {
    let first = tokens(client, user, None).await?;
    let request = request.bearer(&first.access_token);
    let again = match attempt(client, user, &request, &first).await? {
        Answer::Answered(response) => return Ok(response),
        Answer::Expired(error) => {
            let fresh = tokens(client, user, Some(&first.access_token)).await?;
            if fresh.access_token == first.access_token {
                return Err(error);
            }
            fresh
        }
        Answer::Replaced(newer) => newer,
    };
    let request = request.bearer(&again.access_token);
    match attempt(client, user, &request, &again).await? {
        Answer::Answered(response) => Ok(response),
        Answer::Expired(error) => Err(error),
        Answer::Replaced(_) => Err(over("API_SESSION_INVALID")),
    }
}

enum Answer {
    Answered(Response),
    /// A new token may cure it.
    Expired(Error),
    /// The session is over, but there is a newer one.
    Replaced(Tokens),
}

async fn attempt(
    client: &Client,
    user: &str,
    request: &Request,
    presented: &Tokens,
) -> Result<Answer, Error> {
    let response = exchange(client, request).await?;
    match meaning(client, response, request.label()) {
        Meaning::Success(response) => Ok(Answer::Answered(response)),
        Meaning::TokenExpired(error) => Ok(Answer::Expired(error)),
        Meaning::Refused(error) => Err(error),
        Meaning::SessionOver(code) => {
            match mark_expired(client, user, &presented.access_token, &code).await? {
                Some(newer) => Ok(Answer::Replaced(newer)),
                None => Err(over(&code)),
            }
        }
    }
}
