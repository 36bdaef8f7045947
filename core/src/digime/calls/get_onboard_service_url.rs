//! `getOnboardServiceUrl`: where to send a user so that they add a source.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::shapes::reference_code::ReferenceCode;
use crate::digime::shapes::session;
use crate::digime::shapes::web_page::WebPage;
use crate::digime::{Acting, Authorized};
use crate::digime::{
    Client, ContractDetails, NonEmptyString, SampleDataOptions, Session, SessionOptions,
    SourceType, SourcesScope, TokenHook, UserAccessToken,
};
use crate::operation::Operation;
use crate::{Described, Document, Error, Open, Secret};

crate::operation::call! {
    /// Says where to send a user who has consented already, so that they add a source to their library.
    Client::get_onboard_service_url: GetOnboardServiceUrl(GetOnboardServiceUrlOptions) -> GetOnboardServiceUrlResponse
}

/// The options of `getOnboardServiceUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetOnboardServiceUrlOptions {
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
    /// The service that the user is shown at once.
    pub service_id: Option<i64>,
    /// Whether a source is added to read from, `pull`, or to push to, `push`. Default `pull`.
    pub source_type: Option<SourceType>,
    /// Sample data instead of a real account.
    pub sample_data: Option<SampleDataOptions>,
    /// What the reading session that starts with the new source is to fetch.
    #[builder(into)]
    pub session_options: Option<Open<SessionOptions>>,
    /// The language of the pages, as an ISO 639-1 code.
    pub locale: Option<String>,
    /// Whether sources that have only sample data are offered too.
    pub include_sample_data_only_sources: Option<bool>,
    /// Whether the source is asked for data at once.
    pub trigger_query: Option<bool>,
    /// Limits the sources that the user can choose from.
    #[builder(into)]
    pub sources_scope: Option<Open<SourcesScope>>,
    /// What comes back with the user unchanged.
    pub state: Option<String>,
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
crate::operation::unseen!(GetOnboardServiceUrlOptions);

/// Where to send the user, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetOnboardServiceUrlResponse {
    /// Where to send the user. It holds a code that works once: do not let it reach a log.
    pub url: Secret<String>,
    /// The reading session that starts with the new source; empty if the platform starts none.
    #[serde(serialize_with = "session::or_empty")]
    #[cfg_attr(feature = "__binding", schemars(with = "Session"))]
    pub session: Option<Described<Session>>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

impl Operation for GetOnboardServiceUrl {
    type Client = Client;
    const NAME: &'static str = "getOnboardServiceUrl";
    const HEADLINE: &'static str =
        "Error on getOnboardServiceUrl(). Incorrect parameters passed in.";
    type Options = GetOnboardServiceUrlOptions;
    type Response = GetOnboardServiceUrlResponse;

    async fn run(
        client: &Client,
        options: GetOnboardServiceUrlOptions,
    ) -> Result<GetOnboardServiceUrlResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let mut claims = json!({ "redirect_uri": options.callback });
        if let Some(state) = &options.state {
            claims["state"] = json!(state);
        }
        let request = ReferenceCode::request(
            client,
            &contract,
            claims,
            options.session_options.as_ref(),
            options.consumer.as_ref(),
        )?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let _expected = client.expect_token();
        let response = user.send(request).await;
        let outcome = async {
            let reference = ReferenceCode::read(client, response?).await?;
            let page = WebPage::new(client, "onboard", &reference.code)?
                .source_type(options.source_type)
                .service(options.service_id)
                .sample_data(options.sample_data.as_ref())
                .locale(options.locale.as_deref())
                .with(
                    "includeSampleDataOnlySources",
                    options.include_sample_data_only_sources,
                )
                .with("triggerQuery", options.trigger_query)
                .sources_scope(options.sources_scope.as_ref())?;
            Ok((page.into_address(), reference.session))
        };
        let (url, session) = user.conclude(outcome.await)?;
        Ok(GetOnboardServiceUrlResponse {
            url: url.into(),
            session,
            user_access_token: user.into_token(),
        })
    }
}
