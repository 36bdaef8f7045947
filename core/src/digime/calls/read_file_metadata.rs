//! `readFileMetadata`: what is known of one file of a session, without its content.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::digime::files::session_file::{self, FileHead};
use crate::digime::{Acting, Authorized};
use crate::digime::{
    Client, ContractDetails, FileMetadata, NonEmptyString, TokenHook, UserAccessToken,
};
use crate::operation::Operation;
use crate::{Described, Error, Secret};

crate::operation::call! {
    /// What is known of a file of a session, without its content.
    Client::read_file_metadata: ReadFileMetadata(ReadFileMetadataOptions) -> ReadFileMetadataResponse
}

/// The options of `readFileMetadata`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadFileMetadataOptions {
    /// The `key` of the session.
    pub session_key: Secret<NonEmptyString>,
    /// The file's name, from `readFileList`.
    pub file_name: NonEmptyString,
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
crate::operation::unseen!(ReadFileMetadataOptions);

/// What is known of a file, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadFileMetadataResponse {
    /// What is known of it.
    pub file_metadata: Described<FileMetadata>,
    /// Its name.
    pub file_name: String,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

impl Operation for ReadFileMetadata {
    type Client = Client;
    const NAME: &'static str = "readFileMetadata";
    const HEADLINE: &'static str = "Parameter fileName should be a non empty string.";
    const HEADLINE_IS_ABOUT: Option<&'static str> = Some("options.fileName");
    type Options = ReadFileMetadataOptions;
    type Response = ReadFileMetadataResponse;

    async fn run(
        client: &Client,
        options: ReadFileMetadataOptions,
    ) -> Result<ReadFileMetadataResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract(&options.contract_details)?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let request = session_file::request(
            &user,
            true,
            options.session_key.expose(),
            &options.file_name,
        )?;
        let response = user.send(request).await;
        let head = user.conclude(response.and_then(|response| FileHead::of(&response)))?;
        Ok(ReadFileMetadataResponse {
            file_metadata: head.metadata,
            file_name: options.file_name.to_string(),
            user_access_token: user.into_token(),
        })
    }
}
