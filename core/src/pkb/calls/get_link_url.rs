//! `getLinkUrl`: where to send a patient so that they link their PKB record.

use bon::Builder;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::connections::making::AttemptContent;
use crate::connections::making::beginning::{begin, check, new_state};
use crate::crypto::pkce;
use crate::operation::Operation;
use crate::pkb::Client;
use crate::{Document, Error, NonEmptyString, Secret};

crate::operation::call! {
    /// Says where to send a patient who is logged in to your application so that they link their PKB record to it, and remembers the
    /// attempt: it serves once, for this user, until it expires. PKB shows them who asks; they come back to the redirect URI, with which
    /// `completeLink` goes on, on whichever machine that shares the store.
    Client::get_link_url: GetLinkUrl(GetLinkUrlOptions) -> GetLinkUrlResponse
}

/// The options of `getLinkUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetLinkUrlOptions {
    /// Your own id of the user who is logged in: at most 1,000 bytes, without NUL.
    pub app_user_id: NonEmptyString,
    /// Where PKB sends them back to, if that is not just the `redirectUri` of the configuration: PKB allows parameters to be added
    /// to its query.
    pub redirect_uri: Option<NonEmptyString>,
    /// Anything that `completeLink` is to give back, such as the page to go on with: up to 16 KiB of JSON. It is stored encrypted.
    pub context: Option<Document>,
}
crate::operation::unseen!(GetLinkUrlOptions);

/// Where to send the patient.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetLinkUrlResponse {
    /// The address to redirect the patient's browser to.
    pub url: Secret<String>,
    /// What PKB gives back in the callback, and `completeLink` checks. It is in the address already.
    pub state: Secret<String>,
    /// When the attempt expires, in milliseconds since 1970; an hour later it counts for nothing by any machine's clock. PKB may leave a
    /// patient on a page of its own, so an application should not wait for ever.
    pub expires_at: i64,
}

impl Operation for GetLinkUrl {
    type Client = Client;
    const NAME: &'static str = "getLinkUrl";
    type Options = GetLinkUrlOptions;
    type Response = GetLinkUrlResponse;

    async fn run(client: &Client, options: GetLinkUrlOptions) -> Result<GetLinkUrlResponse, Error> {
        let settings = client.settings();
        let redirect_uri = settings.redirect_uri.for_attempt(options.redirect_uri)?;
        let context = options.context;
        check(&options.app_user_id, context.as_ref())?;
        let state = new_state(client.world())?;
        let verifier = settings
            .pkce
            .then(|| pkce::verifier(client.world()))
            .transpose()?;
        let url = authorize_url(client, &redirect_uri, &state, verifier.as_deref());
        let verifier = verifier.map(Secret::from);
        let remembered = AttemptContent::new(redirect_uri, verifier, context, None);
        let user = options.app_user_id.to_string();
        let expires_at = begin(client, &state, user, settings.link_timeout, remembered).await?;
        Ok(GetLinkUrlResponse {
            url: String::from(url).into(),
            state: state.into(),
            expires_at,
        })
    }
}

/// The authorisation request (RFC 6749 section 4.1.1), with PKCE (RFC 7636 section 4.3) where there is a verifier.
fn authorize_url(client: &Client, redirect_uri: &str, state: &str, verifier: Option<&str>) -> Url {
    let settings = client.settings();
    let mut url = settings.endpoints.authorize.clone();
    let mut query = url.query_pairs_mut();
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &settings.client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", &settings.scope)
        .append_pair("state", state);
    if let Some(verifier) = verifier {
        query
            .append_pair("code_challenge", &pkce::challenge(verifier))
            .append_pair("code_challenge_method", pkce::METHOD);
    }
    drop(query);
    url
}
