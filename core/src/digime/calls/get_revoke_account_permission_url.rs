//! `getRevokeAccountPermissionUrl`: where to send a user so that they withdraw a provider's permission.

use bon::Builder;
use serde::Deserialize;
use serde_json::json;

use crate::digime::{Acting, Authorized};
use crate::digime::{Client, ContractDetails, NonEmptyString, TokenHook, UserAccessToken};
use crate::operation::Operation;
use crate::{Described, Error};

crate::operation::call! {
    /// Says where to send a user so that they withdraw the permission that an account stands for (`MedMij` only). They come back to
    /// `redirectUri` with `result`, `success` or `failed`.
    Client::get_revoke_account_permission_url: GetRevokeAccountPermissionUrl(GetRevokeAccountPermissionUrlOptions) -> Described<GetRevokeAccountPermissionUrlResponse>
}

/// The options of `getRevokeAccountPermissionUrl`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetRevokeAccountPermissionUrlOptions {
    /// The contract that was consented to.
    pub contract_details: ContractDetails,
    /// The user's token.
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken"))]
    pub user_access_token: Option<UserAccessToken>,
    /// Your own id of a user whose connection is kept, in place of `userAccessToken`.
    #[cfg_attr(feature = "__binding", schemars(extend("x-in-place-of" = "userAccessToken")))]
    pub app_user_id: Option<NonEmptyString>,
    /// The account, from `readAccounts`.
    pub account_id: String,
    /// Where the user comes back to.
    pub redirect_uri: String,
    /// Learns the new token of a refresh, before it is used. An expired token is refreshed only if this is given.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(GetRevokeAccountPermissionUrlOptions);

/// Where to send the user. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct GetRevokeAccountPermissionUrlResponse {
    /// Where to send the user.
    pub location: String,
}

impl Operation for GetRevokeAccountPermissionUrl {
    type Client = Client;
    const NAME: &'static str = "getRevokeAccountPermissionUrl";
    type Options = GetRevokeAccountPermissionUrlOptions;
    type Response = Described<GetRevokeAccountPermissionUrlResponse>;

    async fn run(
        client: &Client,
        options: GetRevokeAccountPermissionUrlOptions,
    ) -> Result<Described<GetRevokeAccountPermissionUrlResponse>, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .get("permission-access/revoke/h:accountId")?
            .signed(&contract, json!({}))
            .accept_json()
            .header("accountid", &options.account_id, "options.accountId")?
            .header("redirecturi", &options.redirect_uri, "options.redirectUri")?;
        let mut user = Authorized::begin(client, &contract, acting)
            .await?
            .refreshing_only_if_heard();
        let response = user.send(request).await;
        user.conclude(response.and_then(|response| response.json()))
    }
}
