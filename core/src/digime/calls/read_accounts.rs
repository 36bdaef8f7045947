//! `readAccounts`: the accounts that a user has connected.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, TokenHook, UserAccessToken};
use crate::document::if_understood;
use crate::operation::Operation;
use crate::{Described, Error, Secret};

crate::operation::call! {
    /// The accounts that the user has connected. To push to a provider, find the one whose `reference` is the `accountReference=…`
    /// that the person came back with.
    Client::read_accounts: ReadAccounts(ReadAccountsOptions) -> ReadAccountsResponse
}

/// The options of `readAccounts`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadAccountsOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token. An expired one is refreshed.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(ReadAccountsOptions);

/// The accounts, and the token to go on with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadAccountsResponse {
    /// The accounts.
    pub accounts: Vec<Described<Account>>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

/// An account at a source, as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct Account {
    /// The account's id, which pushing needs.
    pub id: String,
    /// What the person came back with as `accountReference=…` when they connected it.
    pub reference: Option<String>,
    /// The kind of account: `USER`, `PUSH` and others.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The id of its service group.
    pub service_group_id: Option<i64>,
    /// The name of its service group.
    pub service_group_name: Option<String>,
    /// The id of its service.
    pub service_type_id: Option<i64>,
    /// The name of its service.
    pub service_type_name: Option<String>,
    /// The id of its source.
    pub source_id: Option<i64>,
    /// The id of its provider.
    #[serde(default, deserialize_with = "if_understood")]
    pub service_provider_id: Option<i64>,
    /// The name of its provider.
    #[serde(default, deserialize_with = "if_understood")]
    pub service_provider_name: Option<String>,
    /// The provider's own word for the account.
    #[serde(default, deserialize_with = "if_understood")]
    pub service_provider_reference: Option<String>,
    /// The name under which the person is known there.
    #[serde(default, deserialize_with = "if_understood")]
    pub username: Option<Secret<String>>,
    /// The address of the provider's small picture.
    #[serde(default, deserialize_with = "if_understood")]
    pub provider_fav_icon: Option<String>,
    /// The address of the provider's picture.
    #[serde(default, deserialize_with = "if_understood")]
    pub provider_logo: Option<String>,
    /// Whether its data are samples.
    #[serde(default, deserialize_with = "if_understood")]
    pub sample: Option<bool>,
    /// When it was connected, in milliseconds since 1970.
    pub created_date: Option<i64>,
    /// When it was changed, in milliseconds since 1970.
    pub updated_date: Option<i64>,
}

impl Operation for ReadAccounts {
    type Client = Client;
    const NAME: &'static str = "readAccounts";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails and userAccessToken.";
    type Options = ReadAccountsOptions;
    type Response = ReadAccountsResponse;

    async fn run(
        client: &Client,
        options: ReadAccountsOptions,
    ) -> Result<ReadAccountsResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let request = client
            .get("permission-access/accounts")?
            .signed(&contract, json!({}))
            .accept_json();
        let response = user.send(request).await;
        let accounts = user.conclude(response.and_then(|response| response.json()))?;
        Ok(ReadAccountsResponse {
            accounts,
            user_access_token: user.into_token(),
        })
    }
}
