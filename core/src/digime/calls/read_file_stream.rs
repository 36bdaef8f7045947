//! `readFileStream`: one file of a session, decrypted and decompressed while it is read.

use serde::Serialize;

use crate::digime::files::file_opening::open_stream;
use crate::digime::files::file_reading::FileReading;
use crate::digime::files::session_file::{self, FileHead};
use crate::digime::{Acting, Authorized};
use crate::digime::{ByteStream, Client, FileMetadata, ReadFileOptions, UserAccessToken};
use crate::operation::Operation;
use crate::{Described, Error};

crate::operation::call! {
    /// A file of a session as a stream, decrypted and decompressed while it is read, in memory that does not grow with its size. An
    /// error in its midst reaches whoever reads the stream; what was read before is then not to be trusted.
    Client::read_file_stream: ReadFileStream(ReadFileOptions) -> ReadFileStreamResponse
}

/// A file being read, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadFileStreamResponse {
    /// Its content.
    pub body: ByteStream,
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

impl Operation for ReadFileStream {
    type Client = Client;
    const NAME: &'static str = "readFileStream";
    const HEADLINE: &'static str = "Parameter sessionKey should be a non empty string.";
    const HEADLINE_IS_ABOUT: Option<&'static str> = Some("options.sessionKey");
    type Options = ReadFileOptions;
    type Response = ReadFileStreamResponse;

    async fn run(
        client: &Client,
        options: ReadFileOptions,
    ) -> Result<ReadFileStreamResponse, Error> {
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
        let reading = FileReading::begin(client.world());
        let request = session_file::request(&user, false, session_key.expose(), &file_name)?
            .reading_as_stream();
        let response = user.send(request).await;
        let opened = response.and_then(|response| {
            let head = FileHead::of(&response)?;
            let opener = head.opener(&contract, client.settings().file_bounds)?;
            let sealed =
                response.into_chunks("GET permission-access/query/{sessionKey}/{fileName}");
            Ok((open_stream(client.world(), sealed, reading, opener), head))
        });
        let (body, head) = user.conclude(opened)?;
        Ok(ReadFileStreamResponse {
            body,
            file_metadata: head.metadata,
            file_name: file_name.to_string(),
            last_modified: head.last_modified,
            user_access_token: user.into_token(),
        })
    }
}
