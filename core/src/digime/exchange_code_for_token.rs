//! `exchangeCodeForToken`: from the code that a person came back with to a user access token.

use bon::Builder;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{ContractDetails, NonEmptyString, UserAccessToken};
use crate::digime::refresh_token::token_request;
use crate::operation::Operation;
use crate::{Client, Error, Secret};

/// Exchanges the code that a person came back with for a user access token. A code works once; store the token at once.
#[derive(JsonSchema)]
pub struct ExchangeCodeForToken;

/// The options of `exchangeCodeForToken`.
#[derive(Debug, Deserialize, JsonSchema, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
pub struct ExchangeCodeForTokenOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The `codeVerifier` of the `getAuthorizeUrl` that sent the person away.
    pub code_verifier: Secret<NonEmptyString>,
    /// The `code` that the person came back with.
    pub authorization_code: Secret<NonEmptyString>,
}

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
        let claims = json!({
            "grant_type": "authorization_code",
            "code": options.authorization_code,
            "code_verifier": options.code_verifier,
        });
        token_request(client, &contract, claims).await
    }
}
