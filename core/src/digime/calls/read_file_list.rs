//! `readFileList`: how far a session is, and which files it has.

use std::collections::BTreeMap;
use std::time::Duration;

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{AccountProgress, Client, NonEmptyString, TokenHook, UserAccessToken};
use crate::digime::{Acting, Authorized};
use crate::document::if_understood;
use crate::http::{Request, Response};
use crate::operation::Operation;
use crate::{Described, Error, Secret};

crate::operation::call! {
    /// How far a session is, and which files it has so far. Ask again until its state is `completed` or `partial`.
    Client::read_file_list: ReadFileList(ReadFileListOptions) -> ReadFileListResponse
}

/// The options of `readFileList`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
// The options of `readFile` are given to it too.
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-taken" = ["fileName"])))]
pub struct ReadFileListOptions {
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
    /// Learns the new token of a refresh, before it is used.
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent-with" = "appUserId")))]
    pub on_access_token_change: Option<TokenHook>,
}
crate::operation::unseen!(ReadFileListOptions);

/// The files, and the token to go on with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ReadFileListResponse {
    /// How far the session is.
    pub status: Described<FileListStatus>,
    /// The files. A name that is listed again with a later `updatedDate` is to be read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_list: Option<Vec<Described<FileListEntry>>>,
    /// The user's token: the one given, or the one that replaced it. Store it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "__binding", schemars(with = "UserAccessToken", extend("x-absent-with" = "appUserId")))]
    pub user_access_token: Option<UserAccessToken>,
}

/// How far a session is. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct FileListStatus {
    /// `pending`, `running`, `partial` (ended, with errors) or `completed`; another word of the platform is handed on.
    pub state: String,
    /// How far each account is, by its id.
    #[serde(default, deserialize_with = "if_understood")]
    pub details: Option<BTreeMap<String, Described<AccountProgress>>>,
}

/// A file of a session. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct FileListEntry {
    /// Its name, which `readFile` takes.
    pub name: String,
    /// When it was last changed, in milliseconds since 1970.
    pub updated_date: Option<i64>,
    /// How many objects are in it.
    pub object_count: Option<i64>,
    /// What kind of objects.
    pub object_type: Option<String>,
    /// The group of its service.
    pub service_group: Option<String>,
    /// Its service.
    pub service_name: Option<String>,
    /// The version of its objects.
    #[serde(default, deserialize_with = "if_understood")]
    pub object_version: Option<String>,
}

/// The platform's answer.
#[derive(Deserialize)]
pub(in crate::digime) struct FileList {
    pub status: Described<FileListStatus>,
    #[serde(rename = "fileList")]
    pub files: Option<Vec<Described<FileListEntry>>>,
    /// After how long it may be asked for again, if the platform says so.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl FileList {
    async fn read(user: &mut Authorized<'_>, session_key: &str) -> Result<Self, Error> {
        let request = Self::request(user, session_key)?;
        Self::of(&user.send(request).await?)
    }

    /// The same by one who asks again and again, and waits by itself where that is too much. What has come of asking, or an error that it was
    /// not asked.
    pub(in crate::digime) async fn poll(
        user: &mut Authorized<'_>,
        session_key: &str,
    ) -> Result<Result<Self, Error>, Error> {
        let request = Self::request(user, session_key)?.in_own_rhythm();
        let outcome = user.outcome_of(request).await?;
        Ok(outcome.and_then(|response| Self::of(&response)))
    }

    fn request(user: &Authorized<'_>, session_key: &str) -> Result<Request, Error> {
        let request = user
            .client()
            .get("permission-access/query/{sessionKey}")?
            .segment(session_key, "options.sessionKey")?
            .signed(user.contract(), json!({}))
            .accept_json();
        Ok(request)
    }

    fn of(response: &Response) -> Result<Self, Error> {
        Ok(Self {
            retry_after: response.retry_after,
            ..response.json()?
        })
    }
}

impl Operation for ReadFileList {
    type Client = Client;
    const NAME: &'static str = "readFileList";
    type Options = ReadFileListOptions;
    type Response = ReadFileListResponse;

    async fn run(
        client: &Client,
        options: ReadFileListOptions,
    ) -> Result<ReadFileListResponse, Error> {
        let acting = Acting::of(
            options.user_access_token,
            options.app_user_id,
            options.on_access_token_change,
            Self::HEADLINE,
        )?;
        let contract = client.contract_of(options.contract_id, options.private_key)?;
        let mut user = Authorized::begin(client, &contract, acting).await?;
        let list = FileList::read(&mut user, options.session_key.expose()).await;
        let FileList { status, files, .. } = user.conclude(list)?;
        Ok(ReadFileListResponse {
            status,
            file_list: files,
            user_access_token: user.into_token(),
        })
    }
}
