//! `getLinkUrl`: where to send a patient so that they link their PKB record.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bon::Builder;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::connections::keeping::Keeper;
use crate::connections::making::{AttemptContent, MAX_CONTEXT};
use crate::crypto::pkce;
use crate::error::Invalid;
use crate::operation::Operation;
use crate::pkb::Client;
use crate::{Document, Error, NonEmptyString, Secret};

crate::operation::call! {
    /// Says where to send a patient who is logged in to your application so that they link their PKB record to it, and remembers the
    /// attempt: it serves once, for this user, until it expires. PKB shows them who asks; they come back to the redirect URI, with which
    /// `completeLink` goes on, on whichever machine that shares the store.
    Client::get_link_url: GetLinkUrl(GetLinkUrlOptions) -> GetLinkUrlResponse
}

/// How long the id of a user may be, in bytes. Databases find records by it, and have their limits.
const LONGEST_USER: usize = 1000;

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

/// How long an attempt is kept after it has expired: further than clocks of machines may be apart.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

impl Operation for GetLinkUrl {
    type Client = Client;
    const NAME: &'static str = "getLinkUrl";
    type Options = GetLinkUrlOptions;
    type Response = GetLinkUrlResponse;

    async fn run(client: &Client, options: GetLinkUrlOptions) -> Result<GetLinkUrlResponse, Error> {
        let settings = client.settings();
        let redirect_uri = settings.redirect_uri.for_attempt(options.redirect_uri)?;
        let context = options.context;
        let user: &str = &options.app_user_id;
        if user.len() > LONGEST_USER || user.contains('\0') {
            return Err(Invalid::new(
                "options.appUserId",
                "must have at most 1,000 bytes and no NUL: not every store can keep it otherwise",
            )
            .into());
        }
        if context
            .as_ref()
            .is_some_and(|context| context.text().len() > MAX_CONTEXT)
        {
            return Err(Invalid::new("options.context", "must not be longer than 16 KiB").into());
        }
        let mut state = [0; 32];
        client.world().random.fill(&mut state)?;
        let state = URL_SAFE_NO_PAD.encode(state);
        let verifier = settings
            .pkce
            .then(|| pkce::verifier(client.world()))
            .transpose()?;
        let url = authorize_url(client, &redirect_uri, &state, verifier.as_deref());
        let lasts = i64::try_from(settings.link_timeout.as_millis()).unwrap_or(i64::MAX);
        let expires_at = client.now_ms().saturating_add(lasts);
        let verifier = verifier.map(Secret::from);
        let remembered = AttemptContent::new(redirect_uri, verifier, context, None);
        let attempts = client.attempts();
        // A clock that is ahead must not forget what others wait for.
        let long_ago = client.now_ms().saturating_sub(KEPT_MS);
        attempts.forget_before(long_ago).await?;
        attempts
            .begin(
                &state,
                options.app_user_id.to_string(),
                expires_at,
                remembered,
                client.world(),
            )
            .await?;
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
