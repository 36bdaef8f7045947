//! `getAccessToken`: a patient's access token, for calls that are made otherwise.

use bon::Builder;
use serde::Deserialize;

use crate::connections::keeping::access;
use crate::operation::Operation;
use crate::pkb::{Client, IssuedToken};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// An access token of the patient's that serves now, for use with a FHIR client of your own. Ask for it anew before each call.
    Client::get_access_token: GetAccessToken(GetAccessTokenOptions) -> IssuedToken
}

/// The options of `getAccessToken`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetAccessTokenOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(GetAccessTokenOptions);

impl Operation for GetAccessToken {
    type Client = Client;
    const NAME: &'static str = "getAccessToken";
    type Options = GetAccessTokenOptions;
    type Response = IssuedToken;

    async fn run(client: &Client, options: GetAccessTokenOptions) -> Result<IssuedToken, Error> {
        let serving = access::tokens(client, &options.app_user_id, None).await?;
        Ok(IssuedToken::from(serving.tokens))
    }
}
