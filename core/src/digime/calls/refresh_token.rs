//! `refreshToken`: the next pair of tokens for a refresh token that is thereby spent.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::digime::{Client, ContractDetails, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// Exchanges the refresh token of a user access token for a new user access token. The old one is spent: store the new one at
    /// once. Calls that need it refresh by themselves; this is for refreshing ahead of time.
    Client::refresh_token: RefreshToken(RefreshTokenOptions) -> UserAccessToken
}

/// The options of `refreshToken`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RefreshTokenOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The token to replace.
    pub user_access_token: UserAccessToken,
}
crate::operation::unseen!(RefreshTokenOptions);

impl Operation for RefreshToken {
    type Client = Client;
    const NAME: &'static str = "refreshToken";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails and userAccessToken.";
    type Options = RefreshTokenOptions;
    type Response = UserAccessToken;

    async fn run(client: &Client, options: RefreshTokenOptions) -> Result<UserAccessToken, Error> {
        let contract = client.contract(&options.contract_details)?;
        let (tokens, token) = (client.tokens(), &options.user_access_token);
        let successor = tokens.refreshed(client, &contract, token, None).await?;
        Ok(successor.token)
    }
}
