//! `getReauthorizeAccountUrl`: where to send a user so that a source lets their data be fetched again.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::shapes::reference::reference;
use crate::digime::shapes::reference_code::ReferenceCode;
use crate::digime::shapes::session;
use crate::digime::shapes::web_page::WebPage;
use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, Session, TokenHook, UserAccessToken};
use crate::operation::Operation;
use crate::{Described, Document, Error, Secret};

crate::operation::call! {
    /// Says where to send a user so that they log in again at a source whose account reports `ServiceAuthorizationError`.
    Client::get_reauthorize_account_url: GetReauthorizeAccountUrl(GetReauthorizeAccountUrlOptions) -> GetReauthorizeAccountUrlResponse
}

/// The options of `getReauthorizeAccountUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetReauthorizeAccountUrlOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// Where the user comes back to; it has to be registered with the contract.
    pub callback: NonEmptyString,
    /// The user's token. An expired one is refreshed.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// The account, from `readAccounts`.
    pub account_id: NonEmptyString,
    /// The language of the pages, as an ISO 639-1 code.
    pub locale: Option<String>,
    /// What the application understands, in place of `agent.consumer` of the configuration.
    #[builder(into)]
    #[cfg_attr(
        feature = "__binding",
        schemars(with = "Option<crate::digime::Consumer>")
    )]
    pub consumer: Option<Document>,
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(GetReauthorizeAccountUrlOptions);

/// Where to send the user, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetReauthorizeAccountUrlResponse {
    /// Where to send the user. It holds a code that works once: do not let it reach a log.
    pub url: Secret<String>,
    /// The reading session that starts with the new log-in; empty if the platform starts none.
    #[serde(serialize_with = "session::or_empty")]
    #[cfg_attr(feature = "__binding", schemars(with = "Session"))]
    pub session: Option<Described<Session>>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

impl Operation for GetReauthorizeAccountUrl {
    type Client = Client;
    const NAME: &'static str = "getReauthorizeAccountUrl";
    const HEADLINE: &'static str =
        "Error on getReauthorizeAccountUrl(). Incorrect parameters passed in.";
    type Options = GetReauthorizeAccountUrlOptions;
    type Response = GetReauthorizeAccountUrlResponse;

    async fn run(
        client: &Client,
        options: GetReauthorizeAccountUrlOptions,
    ) -> Result<GetReauthorizeAccountUrlResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        // Before the code, which a refused account would spend for nothing.
        let account = reference(client, &contract, "accountId", &options.account_id).await?;
        let claims = json!({ "redirect_uri": options.callback });
        let request =
            ReferenceCode::request(client, &contract, claims, None, options.consumer.as_ref())?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let _expected = client.expect_token();
        let response = user.send(request).await;
        let outcome = async {
            let code = ReferenceCode::read(client, response?).await?;
            let page = WebPage::new(client, "reauthorize", &code.code)?
                .with("accountRef", Some(account))
                .locale(options.locale.as_deref());
            Ok((page.into_address(), code.session))
        };
        let (url, session) = user.conclude(outcome.await)?;
        Ok(GetReauthorizeAccountUrlResponse {
            url: url.into(),
            session,
            user_access_token: user.into_token(),
        })
    }
}
