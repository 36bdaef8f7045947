//! `readAllFiles`: every file of a session, as it becomes ready.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::digime::files::all_files::AllFiles;
use crate::digime::{
    Acting, Callback, Client, FileContent, FileFailure, FileListEntry, FileListStatus,
    FileMetadata, NonEmptyString, SharedFileList, TokenHook, UserAccessToken,
};
use crate::operation::Operation;
use crate::{Described, Error, Secret};

crate::operation::call! {
    /// Reads every file of a session as it becomes ready, several at once, until the session is `completed` or `partial`. Callbacks may
    /// be asynchronous and are awaited one after another; what one throws stops nothing, and is thrown when all is read.
    Client::read_all_files: ReadAllFiles(ReadAllFilesOptions) -> ReadAllFilesResponse
}

/// The options of `readAllFiles`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadAllFilesOptions {
    /// The `key` of the session.
    pub session_key: Secret<NonEmptyString>,
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
    /// Gets each file.
    pub on_file_data: Option<Callback<FileData>>,
    /// Gets each file that cannot be read.
    pub on_file_error: Option<Callback<FileError>>,
    /// Gets the state of the session when it changes, which is taken for `pending` before it is known.
    pub on_status_change: Option<Callback<String>>,
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
    /// Learns how far the reading is.
    pub on_progress: Option<Callback<ReadingProgress>>,
    /// How many files are read at once at most. They are 5 at first, then more as long as that is faster, and fewer where the platform asks for
    /// less or the files are so large that they would be more than 64 MiB together. At least 1. Default 32.
    pub concurrency: Option<u16>,
    /// How long to wait before asking for the list of files again, in milliseconds, at least 1; longer where the platform says so (`Retry-After`),
    /// and where it has too much to do (429, 503). Default: 500 at first, then ever longer up to 3,000, and less again after a change.
    pub polling_interval: Option<u64>,
    /// How long to wait for the session at most.
    pub polling_limits: Option<PollingLimits>,
}
crate::operation::unseen!(ReadAllFilesOptions);

/// How long to wait for a session at most. At a limit the call fails with a `TimeoutError` whose `phase` is the limit's name, and what is under way
/// is given up, but for a callback that is at work and a refresh of the token, which are waited for. The time of callbacks counts in `total` alone. A
/// `pollingInterval` of more than 3 seconds takes their place in `pending` and `stale`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct PollingLimits {
    /// For how many times 3 seconds the session may be `pending`; with a `pollingInterval`, also how often it may be found so. Default: any number.
    pub pending: Option<u32>,
    /// For how many times 3 seconds nothing may change; with a `pollingInterval`, also how often that may be found, one time after another. A list that
    /// is refused (429, 503) has not changed. Default 100: five minutes.
    pub stale: Option<u32>,
    /// How long the reading may take, in milliseconds. Default: any time.
    pub total: Option<u64>,
}

/// A file that was read.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "FileDataEvent")
)]
pub struct FileData {
    /// Its content.
    pub file_data: FileContent,
    /// What is known of it.
    pub file_metadata: Described<FileMetadata>,
    /// Its name.
    pub file_name: String,
    /// When it was last changed, as HTTP writes dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The user's token, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
    /// All files that the session has so far.
    pub file_list: SharedFileList,
}

/// A file that cannot be read.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "FileErrorEvent")
)]
pub struct FileError {
    /// Why.
    pub error: FileFailure,
    /// Its name.
    pub file_name: String,
    /// All files that the session has so far.
    pub file_list: SharedFileList,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadingProgress {
    /// How many files were read, or could not be.
    pub files_done: u64,
    /// How many files are known to be there.
    pub files_known: u64,
    /// How many bytes were read, as content.
    pub bytes: u64,
}

/// How the reading ended.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadAllFilesResponse {
    /// How far the session was at last.
    pub status: Described<FileListStatus>,
    /// Its files.
    pub file_list: Vec<Described<FileListEntry>>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

impl Operation for ReadAllFiles {
    type Client = Client;
    const NAME: &'static str = "readAllFiles";
    const HEADLINE: &'static str = "Parameter sessionKey should be a non empty string.";
    const HEADLINE_IS_ABOUT: Option<&'static str> = Some("options.sessionKey");
    type Options = ReadAllFilesOptions;
    type Response = ReadAllFilesResponse;

    async fn run(
        client: &Client,
        mut options: ReadAllFilesOptions,
    ) -> Result<ReadAllFilesResponse, Error> {
        let acting = Acting::of(
            options.user_access_token.take(),
            options.app_user_id.take(),
            options
                .on_access_token_change
                .take()
                .map(TokenHook::once_per_token),
            crate::operation::HEADLINE,
        )?;
        let contract =
            client.contract_of(options.contract_id.clone(), options.private_key.clone())?;
        AllFiles::new(client, contract, options, acting)?
            .read()
            .await
    }
}
