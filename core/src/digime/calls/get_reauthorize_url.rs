//! `getReauthorizeUrl`: where to send a user so that they renew their consent.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::connections::making::AttemptContent;
use crate::crypto::pkce;
use crate::digime::connection::Renewal;
use crate::digime::shapes::reference_code::ReferenceCode;
use crate::digime::shapes::session;
use crate::digime::shapes::web_page::WebPage;
use crate::digime::{Acting, Authorized};
use crate::digime::{
    Client, ContractDetails, NonEmptyString, Session, SessionOptions, TokenHook, UserAccessToken,
};
use crate::operation::Operation;
use crate::{Described, Document, Error, Open, Secret};

crate::operation::call! {
    /// Says where to send a user so that they renew their consent before it runs out. They come back with a `code` for
    /// `exchangeCodeForToken`; by `appUserId`, the address that they come back to is for `completeConnect`.
    Client::get_reauthorize_url: GetReauthorizeUrl(GetReauthorizeUrlOptions) -> GetReauthorizeUrlResponse
}

/// The options of `getReauthorizeUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetReauthorizeUrlOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// Where the user comes back to; it has to be registered with the contract.
    pub callback: NonEmptyString,
    /// The user's token.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// What comes back with the user unchanged. Not with `appUserId`: the SDK makes it and remembers it.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub state: Option<String>,
    /// The language of the pages, as an ISO 639-1 code.
    pub locale: Option<String>,
    /// What the reading session that starts with the consent is to fetch.
    #[builder(into)]
    pub session_options: Option<Open<SessionOptions>>,
    /// Whether the sources are asked for data at once.
    pub trigger_query: Option<bool>,
    /// What the application understands, in place of `agent.consumer` of the configuration.
    #[builder(into)]
    #[cfg_attr(
        feature = "__binding",
        schemars(with = "Option<crate::digime::Consumer>")
    )]
    pub consumer: Option<Document>,
    /// Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(GetReauthorizeUrlOptions);

/// Where to send the user, and what to keep.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetReauthorizeUrlResponse {
    /// Where to send the user. It holds a code that works once: do not let it reach a log.
    pub url: Secret<String>,
    /// What `exchangeCodeForToken` needs beside the code. Keep it on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "String", extend("x-absent-with" = "appUserId")))]
    pub code_verifier: Option<Secret<String>>,
    /// The reading session that starts with the consent; empty if the platform starts none.
    #[serde(serialize_with = "session::or_empty")]
    #[cfg_attr(feature = "__binding", schemars(with = "Session"))]
    pub session: Option<Described<Session>>,
}

impl Operation for GetReauthorizeUrl {
    type Client = Client;
    const NAME: &'static str = "getReauthorizeUrl";
    const HEADLINE: &'static str = "Error on getReauthorizeUrl(). Incorrect parameters passed in.";
    type Options = GetReauthorizeUrlOptions;
    type Response = GetReauthorizeUrlResponse;

    async fn run(
        client: &Client,
        options: GetReauthorizeUrlOptions,
    ) -> Result<GetReauthorizeUrlResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let renewal = match &acting {
            Acting::For(user) => Some(Renewal::of(
                client,
                &contract,
                user,
                options.state.as_deref(),
            )?),
            Acting::WithToken(..) => None,
        };
        let state = renewal.as_ref().map(|renewal| renewal.state.clone());
        let code_verifier = pkce::verifier(client.world())?;
        let mut claims = json!({
            "code_challenge": pkce::challenge(&code_verifier),
            "code_challenge_method": pkce::METHOD,
            "redirect_uri": options.callback,
        });
        if let Some(state) = state.or(options.state) {
            claims["state"] = json!(state);
        }
        let request = ReferenceCode::request(
            client,
            &contract,
            claims,
            options.session_options.as_ref(),
            options.consumer.as_ref(),
        )?;
        let mut user = Authorized::begin(client, &contract, acting)
            .await?
            .refreshing_only_if_heard();
        let _expected = client.expect_token();
        let response = user.send(request).await;
        let outcome = async {
            let reference = ReferenceCode::read(client, response?).await?;
            let page = WebPage::new(client, "user-reauth", &reference.code)?
                .locale(options.locale.as_deref())
                .with("triggerQuery", options.trigger_query);
            Ok((page.into_address(), reference.session))
        };
        let (url, session) = user.conclude(outcome.await)?;
        let mut code_verifier = Some(Secret::from(code_verifier));
        if let Some(renewal) = renewal {
            let kept = session.as_ref().map(|session| session.document().clone());
            let callback = options.callback.to_string();
            let content = AttemptContent::new(callback, code_verifier.take(), None, kept);
            renewal.remember(client, content).await?;
        }
        Ok(GetReauthorizeUrlResponse {
            url: url.into(),
            code_verifier,
            session,
        })
    }
}
