//! `getSystemToken`: the System Client's access token, for calls that are made otherwise.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::error::Invalid;
use crate::operation::Operation;
use crate::pkb::tokens::system_token;
use crate::pkb::{Client, IssuedToken, Surface};

crate::operation::call! {
    /// An access token of your System Client's that serves now, or of your Customer System Client's. It is fetched once and kept until shortly
    /// before its end. Calls of the Facade and of Messaging with it name an organisation in `X-Org-Public-Id`, as `fhirRead`, `fhirSearch`
    /// and `request` do when given `orgPublicId`.
    Client::get_system_token: GetSystemToken(GetSystemTokenOptions) -> IssuedToken
}

/// The options of `getSystemToken`.
#[derive(Default, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetSystemTokenOptions {
    /// The API that it is to serve at: `facade`, the default, `messaging`, `aggregated` or `customer`.
    pub surface: Option<Surface>,
}
crate::operation::unseen!(GetSystemTokenOptions);

impl Operation for GetSystemToken {
    type Client = Client;
    const NAME: &'static str = "getSystemToken";
    type Options = GetSystemTokenOptions;
    type Response = IssuedToken;

    async fn run(client: &Client, options: GetSystemTokenOptions) -> Result<IssuedToken, Error> {
        let surface = options.surface.unwrap_or(Surface::Facade);
        if surface == Surface::Rest {
            let reason = "must not be rest: PKB forbids System Clients to call its REST API";
            return Err(Invalid::new("options.surface", reason).into());
        }
        let api = client.settings().endpoints.apis.get(surface)?;
        system_token::current(client, api)
            .await
            .map(IssuedToken::from)
    }
}
