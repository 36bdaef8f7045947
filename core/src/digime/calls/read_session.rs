//! `readSession`: a new session in which the user's data is fetched.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::config::AgentBody;
use crate::digime::{Acting, Authorized};
use crate::digime::{
    Client, ContractDetails, NonEmptyString, PullSessionOptions, Session, TokenHook,
    UserAccessToken,
};
use crate::operation::Operation;
use crate::{Described, Document, Error, Open};

crate::operation::call! {
    /// Starts a session in which the user's sources are asked for data. A user who has just consented has one already, from
    /// `getAuthorizeUrl`: another would ask the sources twice.
    Client::read_session: ReadSession(ReadSessionOptions) -> ReadSessionResponse
}

/// The options of `readSession`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadSessionOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token. An expired one is refreshed.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// What is to be fetched.
    #[builder(into)]
    pub session_options: Option<Open<PullSessionOptions>>,
    /// What the application understands, in place of `agent.consumer` of the configuration.
    #[builder(into)]
    #[cfg_attr(feature = "__binding", schemars(with = "Option<crate::digime::Consumer>"))]
    pub consumer: Option<Document>,
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(ReadSessionOptions);

/// The session, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadSessionResponse {
    /// The session.
    pub session: Described<Session>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

#[derive(Serialize)]
struct Trigger<'a> {
    #[serde(flatten)]
    session: Open<PullSessionOptions>,
    agent: AgentBody<'a>,
}

#[derive(Deserialize)]
struct Triggered {
    session: Described<Session>,
}

impl Operation for ReadSession {
    type Client = Client;
    const NAME: &'static str = "readSession";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails and userAccessToken. If scope is passed in, please ensure it's the right format.";
    type Options = ReadSessionOptions;
    type Response = ReadSessionResponse;

    async fn run(
        client: &Client,
        options: ReadSessionOptions,
    ) -> Result<ReadSessionResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let body = Trigger {
            session: options.session_options.unwrap_or_default().without("agent"),
            agent: client.settings().agent(options.consumer.as_ref()),
        };
        let request = client
            .post("permission-access/trigger")?
            .signed(&contract, json!({}))
            .accept_json()
            .json(&body)?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let response = user.send(request).await;
        let triggered: Triggered = user.conclude(response.and_then(|response| response.json()))?;
        Ok(ReadSessionResponse {
            session: triggered.session,
            user_access_token: user.into_token(),
        })
    }
}
