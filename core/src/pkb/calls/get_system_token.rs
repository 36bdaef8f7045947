//! `getSystemToken`: the System Client's access token, for calls that are made otherwise.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::operation::Operation;
use crate::pkb::tokens::system_token;
use crate::pkb::{Client, IssuedToken};

crate::operation::call! {
    /// An access token of your System Client's that serves now. It is fetched once and kept until shortly before its end. Calls with it
    /// name an organisation in `X-Org-Public-Id`, as `fhirRead`, `fhirSearch` and `request` do when given `orgPublicId`.
    Client::get_system_token: GetSystemToken(GetSystemTokenOptions) -> IssuedToken
}

/// The options of `getSystemToken`: none of its own.
#[derive(Default, Deserialize, Builder)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetSystemTokenOptions {}
crate::operation::unseen!(GetSystemTokenOptions);

impl Operation for GetSystemToken {
    type Client = Client;
    const NAME: &'static str = "getSystemToken";
    type Options = GetSystemTokenOptions;
    type Response = IssuedToken;

    async fn run(client: &Client, _: GetSystemTokenOptions) -> Result<IssuedToken, Error> {
        system_token::current(client).await.map(IssuedToken::from)
    }
}
