//! `getUserStorage`: the storage of a user.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, Storage, TokenHook, UserAccessToken};
use crate::operation::Operation;
use crate::{Described, Error};

crate::operation::call! {
    /// The storage of a user.
    Client::get_user_storage: GetUserStorage(GetUserStorageOptions) -> GetUserStorageResponse
}

/// The options of `getUserStorage`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetUserStorageOptions {
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
crate::operation::unseen!(GetUserStorageOptions);

/// The storage, and the new token if there is one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetUserStorageResponse {
    /// The storage.
    pub storage: Described<Storage>,
    /// The token that replaced the one given, if it was refreshed. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_access_token: Option<UserAccessToken>,
}

impl Operation for GetUserStorage {
    type Client = Client;
    const NAME: &'static str = "getUserStorage";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains contractDetails.";
    type Options = GetUserStorageOptions;
    type Response = GetUserStorageResponse;

    async fn run(
        client: &Client,
        options: GetUserStorageOptions,
    ) -> Result<GetUserStorageResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .get("storage")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json");
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let response = user.send(request).await;
        let storage = user.conclude(response.and_then(|response| response.json()))?;
        Ok(GetUserStorageResponse {
            storage,
            user_access_token: user.into_new_token(),
        })
    }
}
