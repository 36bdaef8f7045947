//! `getAuthorizeUrl`: where to send a person so that they consent.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{
    Contract, ContractDetails, NonEmptyString, Session, SessionOptions, SourcesScope,
    UserAccessToken,
};
use crate::crypto::pkce;
use crate::operation::Operation;
use crate::request::{Request, send};
use crate::{Client, Error, Secret, jwt};

/// Prepares an authorisation and says where to send the person. Keep `codeVerifier`, and `state` tied to the person's own
/// browser session, until they come back to `callback` with `success`, `state`, `code` and `accountReference`, or with
/// `success=false` and `errorCode`.
#[derive(JsonSchema)]
pub struct GetAuthorizeUrl;

/// The options of `getAuthorizeUrl`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
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
    pub session_options: Option<SessionOptions>,
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
    pub sources_scope: Option<SourcesScope>,
}

/// The way the data goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceType {
    /// Sources are read from.
    #[default]
    Pull,
    /// Sources are pushed to.
    Push,
}

/// Sample data instead of a real account.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleDataOptions {
    /// Which set of it.
    pub data_set: String,
    /// Whether the person is spared the steps of adding it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_onboard: Option<bool>,
}

/// Where to send the person, and what to keep.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GetAuthorizeUrlResponse {
    /// Where to send the person.
    pub url: String,
    /// What `exchangeCodeForToken` needs beside the code. Keep it on the server.
    pub code_verifier: Secret<String>,
    /// The reading session that starts with the consent.
    pub session: Session,
}

impl GetAuthorizeUrlOptions {
    /// What is always needed; the rest are fields.
    #[must_use]
    pub fn new(
        contract_details: ContractDetails,
        callback: NonEmptyString,
        state: impl Into<String>,
    ) -> Self {
        Self {
            contract_details,
            callback,
            state: state.into(),
            service_id: None,
            user_access_token: None,
            session_options: None,
            source_type: None,
            sample_data: None,
            locale: None,
            include_sample_data_only_sources: None,
            storage_id: None,
            trigger_query: None,
            sources_scope: None,
        }
    }

    /// The page's address, its parameters in the order in which the JavaScript SDK has them.
    fn page(&self, mut url: Url, code: &str, storage: Option<&str>) -> Result<String, Error> {
        let mut query = url.query_pairs_mut();
        query.append_pair("code", code);
        let source_type = match self.source_type.unwrap_or_default() {
            SourceType::Pull => "pull",
            SourceType::Push => "push",
        };
        query.append_pair("sourceType", source_type);
        let mut flag = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        };
        flag("service", self.service_id.map(|id| id.to_string()));
        if let Some(sample) = &self.sample_data {
            flag("sampleDataSet", Some(sample.data_set.clone()));
            flag(
                "sampleDataAutoOnboard",
                sample.auto_onboard.map(|auto| auto.to_string()),
            );
        }
        flag(
            "lng",
            self.locale.clone().filter(|locale| !locale.is_empty()),
        );
        flag(
            "includeSampleDataOnlySources",
            self.include_sample_data_only_sources
                .map(|include| include.to_string()),
        );
        flag("storageRef", storage.map(str::to_owned));
        flag(
            "triggerQuery",
            self.trigger_query.map(|trigger| trigger.to_string()),
        );
        flag(
            "sourcesScope",
            self.sources_scope.as_ref().map(encoded_scope).transpose()?,
        );
        drop(query);
        Ok(url.into())
    }
}

/// JSON, percent-encoded before the query is: the platform decodes it twice.
fn encoded_scope(scope: &SourcesScope) -> Result<String, Error> {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    let json = serde_json::to_string(scope)
        .map_err(|_| Error::sdk("sourcesScope cannot be written as JSON"))?;
    Ok(utf8_percent_encode(&json, KEPT).to_string())
}

#[derive(Deserialize)]
struct Preauthorization {
    token: Option<String>,
    session: Session,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

impl Operation for GetAuthorizeUrl {
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
        let preauthorization = preauthorize(client, &contract, &options, &code_verifier).await?;
        let claims = jwt::verify::verify(client, preauthorization.token.as_deref()).await?;
        let code = claims.text("preauthorization_code")?;
        let storage = match &options.storage_id {
            Some(id) => Some(storage_reference(client, &contract, id).await?),
            None => None,
        };
        Ok(GetAuthorizeUrlResponse {
            url: options.page(
                client.settings().page("authorize")?,
                code,
                storage.as_deref(),
            )?,
            code_verifier: code_verifier.into(),
            session: preauthorization.session,
        })
    }
}

async fn preauthorize(
    client: &Client,
    contract: &Contract,
    options: &GetAuthorizeUrlOptions,
    code_verifier: &str,
) -> Result<Preauthorization, Error> {
    let claims = json!({
        "code_challenge": pkce::challenge(code_verifier),
        "code_challenge_method": pkce::METHOD,
        "redirect_uri": options.callback,
        "response_mode": "query",
        "response_type": "code",
        "state": options.state,
    });
    let mut body = json!({ "agent": client.settings().agent() });
    if let Some(actions) = &options.session_options {
        body["actions"] = json!(actions);
    }
    let mut request = Request::post(client, "oauth/authorize")?
        .signed(contract, claims)
        .accept_json()
        .json(&body)?;
    if let Some(token) = &options.user_access_token {
        request = request.acting_for(token);
    }
    send(client, request).await?.json()
}

async fn storage_reference(
    client: &Client,
    contract: &Contract,
    storage_id: &str,
) -> Result<String, Error> {
    let body = json!({ "type": "cloudId", "value": storage_id });
    let request = Request::post(client, "reference")?
        .signed(contract, json!({}))
        .accept_json()
        .json(&body)?;
    let reference: Reference = send(client, request).await?.json()?;
    Ok(reference.id)
}
