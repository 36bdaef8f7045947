//! `deleteAccount`: one account out of a user's library.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::digime::DeletedResponse;
use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, TokenHook, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// Removes an account, and what came from it, from the user's library.
    Client::delete_account: DeleteAccount(DeleteAccountOptions) -> DeleteAccountResponse
}

/// The options of `deleteAccount`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeleteAccountOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// The account, from `readAccounts`.
    pub account_id: NonEmptyString,
    /// Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(DeleteAccountOptions);

/// The account is gone.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeleteAccountResponse {
    /// Always `true`; a failure is an error.
    pub deleted: bool,
    /// What the platform answered.
    pub response: DeletedResponse,
}

impl Operation for DeleteAccount {
    type Client = Client;
    const NAME: &'static str = "deleteAccount";
    type Options = DeleteAccountOptions;
    type Response = DeleteAccountResponse;

    async fn run(
        client: &Client,
        options: DeleteAccountOptions,
    ) -> Result<DeleteAccountResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .delete("permission-access/service/h:accountId")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json")
            .header("accountid", &options.account_id, "options.accountId")?;
        let mut user = Authorized::begin(client, &contract, acting)
            .await?
            .refreshing_only_if_heard();
        let response = user.send(request).await;
        let response = user.conclude(response)?;
        Ok(DeleteAccountResponse {
            deleted: true,
            response: DeletedResponse::of(&response),
        })
    }
}
