//! `getAuthorizeUrl`: where to send a person so that they consent.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::crypto::pkce;
use crate::digime::shapes::reference::reference;
use crate::digime::shapes::reference_code::OpeningBody;
use crate::digime::shapes::session;
use crate::digime::shapes::web_page::WebPage;
use crate::digime::{
    Client, Contract, ContractDetails, NonEmptyString, SampleDataOptions, Session, SessionOptions,
    SourceType, SourcesScope, UserAccessToken,
};
use crate::http::Request;
use crate::operation::Operation;
use crate::{Described, Document, Error, Open, Secret};

crate::operation::call! {
    /// Prepares an authorisation and says where to send the person. Keep `codeVerifier`, and `state` tied to the person's own
    /// browser session, until they come back to `callback` with `success=true`, `state=…`, `code=…` and
    /// `accountReference=…`, or with `success=false` and `errorCode=…`.
    Client::get_authorize_url: GetAuthorizeUrl(GetAuthorizeUrlOptions) -> GetAuthorizeUrlResponse
}

/// The options of `getAuthorizeUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetAuthorizeUrlOptions {
    /// The contract that the person is asked to consent to.
    pub contract_details: ContractDetails,
    /// Where the person comes back to (`redirect_uri`); it has to be registered with the contract.
    pub callback: NonEmptyString,
    /// What comes back with the person unchanged. Make it unguessable and compare it, against forged callbacks (RFC 6749 section 10.12).
    pub state: String,
    /// The service that the person is shown at once.
    pub service_id: Option<i64>,
    /// The token of a person whose library exists already: what they add goes there.
    pub user_access_token: Option<UserAccessToken>,
    /// What the reading session that starts with the consent is to fetch.
    #[builder(into)]
    pub session_options: Option<Open<SessionOptions>>,
    /// Whether sources are added to read from, `pull`, or to push to, `push`. Default `pull`.
    pub source_type: Option<SourceType>,
    /// Sample data instead of a real account.
    pub sample_data: Option<SampleDataOptions>,
    /// The language of the pages, as an ISO 639-1 code.
    pub locale: Option<String>,
    /// Whether sources that have only sample data are offered too.
    pub include_sample_data_only_sources: Option<bool>,
    /// The provisional storage that becomes the person's.
    pub storage_id: Option<String>,
    /// Whether the sources are asked for data at once.
    pub trigger_query: Option<bool>,
    /// Limits the sources that the person can choose from.
    #[builder(into)]
    pub sources_scope: Option<Open<SourcesScope>>,
    /// What the application understands, in place of `agent.consumer` of the configuration.
    #[builder(into)]
    #[cfg_attr(
        feature = "__binding",
        schemars(with = "Option<crate::digime::Consumer>")
    )]
    pub consumer: Option<Document>,
}
crate::operation::unseen!(GetAuthorizeUrlOptions);

/// Where to send the person, and what to keep.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetAuthorizeUrlResponse {
    /// Where to send the person. It holds a code that works once: do not let it reach a log.
    pub url: Secret<String>,
    /// What `exchangeCodeForToken` needs beside the code. Keep it on the server.
    pub code_verifier: Secret<String>,
    /// The reading session that starts with the consent; empty if the platform starts none.
    #[serde(serialize_with = "session::or_empty")]
    #[cfg_attr(feature = "__binding", schemars(with = "Session"))]
    pub session: Option<Described<Session>>,
}

#[derive(Deserialize)]
struct Preauthorization {
    token: Option<String>,
    session: Option<Described<Session>>,
}

impl Operation for GetAuthorizeUrl {
    type Client = Client;
    const NAME: &'static str = "getAuthorizeUrl";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails and callback.";
    type Options = GetAuthorizeUrlOptions;
    type Response = GetAuthorizeUrlResponse;

    async fn run(
        client: &Client,
        options: GetAuthorizeUrlOptions,
    ) -> Result<GetAuthorizeUrlResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let code_verifier = pkce::verifier(client.world())?;
        let (url, session) = prepare(client, &contract, &options, &code_verifier).await?;
        Ok(GetAuthorizeUrlResponse {
            url,
            code_verifier: code_verifier.into(),
            session,
        })
    }
}

/// Prepares an authorisation: where to send the person, and the session that starts with the consent.
pub(super) async fn prepare(
    client: &Client,
    contract: &Contract,
    options: &GetAuthorizeUrlOptions,
    code_verifier: &str,
) -> Result<(Secret<String>, Option<Described<Session>>), Error> {
    let request = preauthorization(client, contract, options, code_verifier)?;
    let _expected = client.expect_token();
    let response = client.send(request).await?;
    let preauthorization: Preauthorization = response.json()?;
    let claims = client
        .verified(preauthorization.token.as_deref(), &response)
        .await?;
    let code = claims.text("preauthorization_code")?;
    let storage = match options.storage_id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => Some(reference(client, contract, "cloudId", id).await?),
        None => None,
    };
    let page = WebPage::new(client, "authorize", code)?
        .source_type(options.source_type)
        .service(options.service_id)
        .sample_data(options.sample_data.as_ref())
        .locale(options.locale.as_deref())
        .with(
            "includeSampleDataOnlySources",
            options.include_sample_data_only_sources,
        )
        .with("storageRef", storage)
        .with("triggerQuery", options.trigger_query)
        .sources_scope(options.sources_scope.as_ref())?;
    Ok((page.into_address().into(), preauthorization.session))
}

fn preauthorization(
    client: &Client,
    contract: &Contract,
    options: &GetAuthorizeUrlOptions,
    code_verifier: &str,
) -> Result<Request, Error> {
    let claims = json!({
        "code_challenge": pkce::challenge(code_verifier),
        "code_challenge_method": pkce::METHOD,
        "redirect_uri": options.callback,
        "response_mode": "query",
        "response_type": "code",
        "state": options.state,
    });
    let body = OpeningBody::new(
        client,
        options.session_options.as_ref(),
        options.consumer.as_ref(),
    );
    let mut request = client
        .post("oauth/authorize")?
        .signed(contract, claims)
        .accept_json()
        .json(&body)?;
    if let Some(token) = &options.user_access_token {
        request = request.acting_for(&token.access_token.value);
    }
    Ok(request)
}
