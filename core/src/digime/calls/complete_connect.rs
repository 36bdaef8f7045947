//! `completeConnect`: from what a person came back with to a connection.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::connections::making::Goal;
use crate::connections::making::completion::{completed, give_up};
use crate::digime::connection::{Answer, Callback};
use crate::digime::shapes::session;
use crate::digime::{
    Client, Connection, ContractDetails, Failure, NonEmptyString, OnConflict, Session,
};
use crate::error::Invalid;
use crate::operation::Operation;
use crate::{Described, Document, Error};

crate::operation::call! {
    /// Completes a connection with the address that the person came back to: exchanges the code, and stores the tokens at once.
    ///
    /// Called again with the same address it gives the same connection; the code is exchanged once. If it was interrupted after the exchange,
    /// or refused because of a conflict, calling it again goes on from the tokens that are stored.
    Client::complete_connect: CompleteConnect(CompleteConnectOptions) -> CompleteConnectResponse
}

/// The options of `completeConnect`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CompleteConnectOptions {
    /// The contract that the person was asked to consent to.
    pub contract_details: ContractDetails,
    /// The address that the person came back to, whole or from its path on.
    pub callback_url: NonEmptyString,
    /// Your own id of the user who is logged in where the callback arrived. It must be the one who asked for the connection: else somebody
    /// who is sent the address that another user of yours asked for connects their library to that user's account.
    pub app_user_id: Option<NonEmptyString>,
    /// `true` where whoever handles the callback cannot know who is logged in: the connection is then made for whoever asked for it, and you
    /// must rule out by other means that they were sent somebody else's address. In place of `appUserId`.
    pub any_user: Option<bool>,
    /// What to do if the user is connected already, to another person's library. Default: `refuse`, with a `ConnectionConflictError`.
    pub on_conflict: Option<OnConflict>,
}
crate::operation::unseen!(CompleteConnectOptions);

/// The connection, and what came with it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CompleteConnectResponse {
    /// The connection.
    pub connection: Connection,
    /// The reading session that started with the consent; empty if the platform started none.
    #[serde(serialize_with = "session::or_empty")]
    #[cfg_attr(feature = "__binding", schemars(with = "Session"))]
    pub session: Option<Described<Session>>,
    /// The `reference` of the account that the person connected, if they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_reference: Option<String>,
    /// What `getConnectUrl` was given as `context`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Document>,
}

impl Operation for CompleteConnect {
    type Client = Client;
    const NAME: &'static str = "completeConnect";
    type Options = CompleteConnectOptions;
    type Response = CompleteConnectResponse;

    async fn run(
        client: &Client,
        options: CompleteConnectOptions,
    ) -> Result<CompleteConnectResponse, Error> {
        let goal = Goal {
            app_user_id: asking(options.app_user_id, options.any_user)?,
            replaces: options.on_conflict == Some(OnConflict::Replace),
        };
        let contract = client.contract(&options.contract_details)?;
        let kept = client.kept(&contract)?;
        let Callback { state, answer } = Callback::parse(&options.callback_url)?;
        match answer {
            Answer::Granted {
                code,
                account_reference,
            } => {
                let made = completed(&kept, &state, &code, &goal).await?;
                let session = made.kept.map(|session| session.parse()).transpose()?;
                Ok(CompleteConnectResponse {
                    connection: kept.shown(made.record)?,
                    session,
                    account_reference,
                    context: made.context,
                })
            }
            Answer::Denied { error_code } => {
                give_up(&kept, &state, &goal).await?;
                Err(Failure::ConnectDenied { error_code }.into())
            }
        }
    }
}

/// Who must have asked for the connection; none for whoever did.
fn asking(
    app_user_id: Option<NonEmptyString>,
    any_user: Option<bool>,
) -> Result<Option<NonEmptyString>, Error> {
    match (app_user_id, any_user.unwrap_or(false)) {
        (Some(_), true) => Err(Invalid::new(
            "options.anyUser",
            "cannot be given together with appUserId: either one user must have asked for the connection, or any",
        )
        .into()),
        (None, false) => Err(Invalid::new(
            "options.appUserId",
            "is missing: give the user who is logged in where the callback arrived, so that nobody's library is connected to another's account; anyUser: true where that cannot be known",
        )
        .into()),
        (asking, _) => Ok(asking),
    }
}
