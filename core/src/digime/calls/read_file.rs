//! `readFile`: one file of a session, decrypted and decompressed.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::digime::files::file_opening::open_whole;
use crate::digime::files::file_reading::FileReading;
use crate::digime::files::session_file::{self, FileHead};
use crate::digime::{Acting, Authorized};
use crate::digime::{
    Client, FileContent, FileMetadata, NonEmptyString, TokenHook, UserAccessToken,
};
use crate::operation::Operation;
use crate::{Described, Error, Secret};

crate::operation::call! {
    /// A file of a session, decrypted and decompressed. One whose content is larger than `fileLimits` allows is a `FileLimitError`;
    /// `readFileStream` reads large files without holding them in memory.
    Client::read_file: ReadFile(ReadFileOptions) -> ReadFileResponse
}

/// The options of `readFile`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadFileOptions {
    /// The `key` of the session.
    pub session_key: Secret<NonEmptyString>,
    /// The file's name, from `readFileList`.
    pub file_name: NonEmptyString,
    /// The id of the contract that was consented to.
    pub contract_id: NonEmptyString,
    /// The contract's private key, as in `contractDetails`.
    #[serde(deserialize_with = "crate::secret::key")]
    pub private_key: Secret<NonEmptyString>,
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
crate::operation::unseen!(ReadFileOptions);

/// A file, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadFileResponse {
    /// Its content.
    pub file_data: FileContent,
    /// What is known of it.
    pub file_metadata: Described<FileMetadata>,
    /// Its name.
    pub file_name: String,
    /// When it was last changed, as HTTP writes dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

impl Operation for ReadFile {
    type Client = Client;
    const NAME: &'static str = "readFile";
    const HEADLINE: &'static str = "Parameter sessionKey should be a non empty string.";
    const HEADLINE_IS_ABOUT: Option<&'static str> = Some("options.sessionKey");
    type Options = ReadFileOptions;
    type Response = ReadFileResponse;

    async fn run(client: &Client, options: ReadFileOptions) -> Result<ReadFileResponse, Error> {
        let ReadFileOptions {
            session_key,
            file_name,
            contract_id,
            private_key,
            ..
        } = options;
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract_of(contract_id, private_key)?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let file = read(&mut user, session_key.expose(), &file_name).await;
        let (file_data, head) = user.conclude(file)?;
        Ok(ReadFileResponse {
            file_data,
            file_metadata: head.metadata,
            file_name: file_name.to_string(),
            last_modified: head.last_modified,
            user_access_token: user.into_token(),
        })
    }
}

/// Reads and opens a file.
pub(in crate::digime) async fn read(
    user: &mut Authorized<'_>,
    session_key: &str,
    file_name: &str,
) -> Result<(FileContent, FileHead), Error> {
    let mut reading = FileReading::begin(user.client().world());
    let (content, head) = opened(user, session_key, file_name).await?;
    reading.goes_on(content.0.len());
    reading.ends();
    Ok((content, head))
}

async fn opened(
    user: &mut Authorized<'_>,
    session_key: &str,
    file_name: &str,
) -> Result<(FileContent, FileHead), Error> {
    let bounds = user.client().settings().file_bounds;
    let request = session_file::request(user, false, session_key, file_name)?
        .reading_up_to(bounds.sealed_size());
    let response = user.send(request).await?;
    let head = FileHead::of(&response)?;
    let opener = head.opener(user.contract(), bounds)?;
    Ok((
        FileContent(open_whole(user.client().world(), response.body, opener).await?),
        head,
    ))
}
