//! `getConnectUrl`: where to send a user so that they connect their library, to be kept in the store.

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::get_authorize_url::prepare;
use crate::connections::making::AttemptContent;
use crate::connections::making::beginning::{begin, check, new_state};
use crate::crypto::pkce;
use crate::digime::failure::concerns_access_token;
use crate::digime::shapes::session;
use crate::digime::{
    Client, ContractDetails, GetAuthorizeUrlOptions, NonEmptyString, SampleDataOptions, Session,
    SessionOptions, SourceType, SourcesScope,
};
use crate::operation::Operation;
use crate::{Described, Document, Error, Open, Secret};

crate::operation::call! {
    /// Says where to send a user who is logged in to your application so that they connect their digi.me library to it, and remembers the
    /// attempt with its `state` and code verifier: it serves once, for this user, until it expires. They come back to `callback`, with which
    /// `completeConnect` goes on, on whichever machine that shares the store. A user who is connected already adds to the same library.
    Client::get_connect_url: GetConnectUrl(GetConnectUrlOptions) -> GetConnectUrlResponse
}

/// The options of `getConnectUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetConnectUrlOptions {
    /// Your own id of the user who is logged in: at most 1,000 bytes, without NUL.
    pub app_user_id: NonEmptyString,
    /// The contract that the person is asked to consent to.
    pub contract_details: ContractDetails,
    /// Where the person comes back to (`redirect_uri`); it has to be registered with the contract.
    pub callback: NonEmptyString,
    /// Another contract under which the user may be connected: where they are, what they add goes to the library that they have. Without it,
    /// and without a connection under this contract, they get a library of their own for it.
    pub library_contract: Option<ContractDetails>,
    /// Anything that `completeConnect` is to give back, such as the page to go on with: up to 16 KiB of JSON. It is stored encrypted.
    pub context: Option<Document>,
    /// The service that the person is shown at once.
    pub service_id: Option<i64>,
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
    #[cfg_attr(feature = "__binding", schemars(with = "Option<crate::digime::Consumer>"))]
    pub consumer: Option<Document>,
}
crate::operation::unseen!(GetConnectUrlOptions);

/// Where to send the user.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetConnectUrlResponse {
    /// Where to send the person. It holds a code that works once: do not let it reach a log.
    pub url: Secret<String>,
    /// The reading session that starts with the consent; empty if the platform starts none. `completeConnect` gives it too.
    #[serde(serialize_with = "session::or_empty")]
    #[cfg_attr(feature = "__binding", schemars(with = "Session"))]
    pub session: Option<Described<Session>>,
    /// When the attempt expires, in milliseconds since 1970; an hour later it counts for nothing by any machine's clock.
    pub expires_at: i64,
}

impl Operation for GetConnectUrl {
    type Client = Client;
    const NAME: &'static str = "getConnectUrl";
    type Options = GetConnectUrlOptions;
    type Response = GetConnectUrlResponse;

    async fn run(
        client: &Client,
        options: GetConnectUrlOptions,
    ) -> Result<GetConnectUrlResponse, Error> {
        let user = options.app_user_id;
        check(&user, options.context.as_ref())?;
        let contract = client.contract(&options.contract_details)?;
        let kept = client.kept(&contract)?;
        let library = match &options.library_contract {
            Some(other) => {
                let other = client.contract_at(other, "options.libraryContract.privateKey")?;
                Some(client.kept(&other)?)
            }
            None => None,
        };
        let mut holder = Some(&kept);
        let mut token = kept.token_if_connected(&user, None).await?;
        if let (None, Some(library)) = (&token, &library) {
            token = library.token_if_connected(&user, None).await?;
            holder = Some(library);
        }
        let state = new_state(client.world())?;
        let code_verifier = pkce::verifier(client.world())?;
        let callback = options.callback.to_string();
        let mut asked = GetAuthorizeUrlOptions {
            contract_details: options.contract_details,
            callback: options.callback,
            state: state.clone(),
            service_id: options.service_id,
            user_access_token: token,
            session_options: options.session_options,
            source_type: options.source_type,
            sample_data: options.sample_data,
            locale: options.locale,
            include_sample_data_only_sources: options.include_sample_data_only_sources,
            storage_id: options.storage_id,
            trigger_query: options.trigger_query,
            sources_scope: options.sources_scope,
            consumer: options.consumer,
        };
        let (url, session) = loop {
            let prepared = prepare(client, &contract, &asked, &code_verifier).await;
            match (prepared, asked.user_access_token.take(), holder.take()) {
                // The person may have withdrawn their consent: then they are asked as who has no library yet.
                (Err(error), Some(token), Some(holder)) if concerns_access_token(&error) => {
                    let spent = &token.access_token.value;
                    asked.user_access_token = holder.token_if_connected(&user, Some(spent)).await?;
                }
                (prepared, _, _) => break prepared?,
            }
        };
        let content = AttemptContent::new(
            callback,
            Some(code_verifier.into()),
            options.context,
            session.as_ref().map(|session| session.document().clone()),
        );
        let lasts = client.settings().connect_timeout;
        let expires_at = begin(&kept, &state, user.to_string(), lasts, content).await?;
        Ok(GetConnectUrlResponse {
            url,
            session,
            expires_at,
        })
    }
}
