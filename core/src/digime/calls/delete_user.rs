//! `deleteUser`: a user's whole library.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::digime::DeletedResponse;
use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, TokenHook, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// Deletes the user and their whole library. There is no way back.
    Client::delete_user: DeleteUser(DeleteUserOptions) -> DeleteUserResponse
}

/// The options of `deleteUser`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeleteUserOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(DeleteUserOptions);

/// The user is gone.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeleteUserResponse {
    /// Always `true`; a failure is an error.
    pub deleted: bool,
    /// What the platform answered.
    pub response: DeletedResponse,
}

impl Operation for DeleteUser {
    type Client = Client;
    const NAME: &'static str = "deleteUser";
    type Options = DeleteUserOptions;
    type Response = DeleteUserResponse;

    async fn run(client: &Client, options: DeleteUserOptions) -> Result<DeleteUserResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .delete("user")?
            .signed(&contract, json!({}))
            .accept_json();
        let mut user = Authorized::begin(client, &contract, acting)
            .await?
            .refreshing_only_if_heard();
        let response = user.send(request).await;
        let response = user.conclude(response)?;
        Ok(DeleteUserResponse {
            deleted: true,
            response: DeletedResponse::of(&response),
        })
    }
}
