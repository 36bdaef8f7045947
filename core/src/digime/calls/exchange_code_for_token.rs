//! `exchangeCodeForToken`: from the code that a person came back with to a user access token.

use bon::Builder;
use serde::Deserialize;

use crate::digime::{Client, ContractDetails, NonEmptyString, UserAccessToken};
use crate::operation::Operation;
use crate::{Error, Secret};

crate::operation::call! {
    /// Exchanges the code that a person came back with for a user access token. A code works once; store the token at once. A call that is
    /// cancelled, or has waited long enough, loses nothing: made again on the same client, it gives what the first has brought.
    Client::exchange_code_for_token: ExchangeCodeForToken(ExchangeCodeForTokenOptions) -> UserAccessToken
}

/// The options of `exchangeCodeForToken`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ExchangeCodeForTokenOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The `codeVerifier` of the `getAuthorizeUrl` that sent the person away.
    pub code_verifier: Secret<NonEmptyString>,
    /// The `code` that the person came back with.
    pub authorization_code: Secret<NonEmptyString>,
}
crate::operation::unseen!(ExchangeCodeForTokenOptions);

impl Operation for ExchangeCodeForToken {
    type Client = Client;
    const NAME: &'static str = "exchangeCodeForToken";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails, authorizationCode and codeVerifier.";
    type Options = ExchangeCodeForTokenOptions;
    type Response = UserAccessToken;

    async fn run(
        client: &Client,
        options: ExchangeCodeForTokenOptions,
    ) -> Result<UserAccessToken, Error> {
        let contract = client.contract(&options.contract_details)?;
        client
            .tokens()
            .exchanged(
                client,
                &contract,
                options.authorization_code.expose(),
                options.code_verifier.expose(),
            )
            .await
    }
}
