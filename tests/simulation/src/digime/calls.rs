//! The calls that the application makes, and what it makes of their outcome.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use digime_sdk::digime::{
    ByteStream, Callback, Client, ContractDetails, DownloadStorageFileOptions,
    ExchangeCodeForTokenOptions, FhirVersion, FileData, FileDescriptor, FileSource,
    GetAuthorizeUrlOptions, GetUserStorageOptions, PollingLimits, PushDataOptions,
    PushDataToLibraryOptions, PushDataToProviderOptions, PushedFile, ReadAccountsOptions,
    ReadAllFilesOptions, ReadFileOptions, ReadSessionOptions, RefreshTokenOptions,
    UploadFileToStorageOptions, UserAccessToken,
};
use digime_sdk::{Error, ErrorKind, JsonObject};
use futures_util::future::{Either, select};
use futures_util::stream;

use crate::digime::keys::{self, CONTRACT_KEY};
use crate::digime::platform::{content, storage_of};
use crate::digime::process::{Process, text};
use crate::digime::schedule::Schedule;
use crate::executor::{MILLISECOND, Micros, SECOND, lock};
use crate::faults::Kind;

/// How much later than its time a call may end: it looks for an answer again where it was frozen, and what bounds it goes off a little later.
const LATER: Micros = 2_200 * MILLISECOND;

/// Calls of one process.
pub struct Calls<'a> {
    pub schedule: &'a Arc<Schedule>,
    pub process: &'a Arc<Process>,
    pub client: &'a Client,
}

/// What came of a call; none where it was cancelled.
pub type Made<T> = Option<Result<T, Error>>;

fn contract() -> ContractDetails {
    ContractDetails::new(text("contract"), text(CONTRACT_KEY))
}

impl Calls<'_> {
    /// The verifier of a consent that may be given.
    pub async fn asks_for_consent(&self) -> Made<String> {
        let options = GetAuthorizeUrlOptions::builder()
            .contract_details(contract())
            .callback(text("https://app.example/return"))
            .state("state")
            .build();
        let asked = self.client.get_authorize_url(options);
        let asked = self.made("getAuthorizeUrl", None, asked).await?;
        Some(asked.map(|asked| asked.code_verifier.expose().clone()))
    }

    pub async fn exchanges(&self, verifier: &str, code: &str) -> Made<UserAccessToken> {
        let options = ExchangeCodeForTokenOptions::builder()
            .contract_details(contract())
            .code_verifier(text(verifier).into())
            .authorization_code(text(code).into())
            .build();
        let exchanged = self.client.exchange_code_for_token(options);
        let exchanged = self.made("exchangeCodeForToken", None, exchanged).await?;
        if let Ok(token) = &exchanged {
            self.schedule.keeps(self.user(), token);
        }
        Some(exchanged)
    }

    pub async fn refreshes(&self, token: &UserAccessToken) -> Made<()> {
        let options = RefreshTokenOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .build();
        let refreshed = self.client.refresh_token(options);
        let refreshed = self
            .made("refreshToken", Some((token, None)), refreshed)
            .await?;
        if let Ok(token) = &refreshed {
            self.schedule.keeps(self.user(), token);
        }
        Some(refreshed.map(drop))
    }

    pub async fn accounts(&self, token: &UserAccessToken) -> Made<()> {
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let options = ReadAccountsOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .on_access_token_change(hook)
            .build();
        let read = self.client.read_accounts(options);
        let read = self
            .made("readAccounts", Some((token, Some(took))), read)
            .await?;
        if let Ok(read) = &read {
            let id = read.accounts.first().map(|account| account.id.clone());
            if id != Some(format!("account-{}", self.user())) {
                self.schedule
                    .broken(format!("the accounts of user {} are {id:?}", self.user()));
            }
        }
        Some(read.map(drop))
    }

    /// What is pushed next, and what it is known by.
    fn next(&self) -> (String, Bytes) {
        let number = self.schedule.chance(crate::chance::Chance::number);
        (format!("push-{number}"), content(&[number]))
    }

    /// Bytes as they are, or as a stream, of which some fail.
    fn source(&self, bytes: &Bytes) -> FileSource {
        if self.schedule.chance(|chance| chance.once_in(2)) {
            return bytes.clone().into();
        }
        let mut pieces = Vec::new();
        let mut rest = bytes.clone();
        while !rest.is_empty() {
            let length = 1 + self.schedule.chance(|chance| chance.place(rest.len()));
            pieces.push(rest.split_to(length));
        }
        let machine = self.process.machine.number;
        let fails = self.schedule.strikes(Kind::SourceFails, machine);
        let Some(mut chance) = fails else {
            return FileSource::stream(stream::iter(pieces.into_iter().map(Ok::<_, Infallible>)));
        };
        pieces.truncate(chance.place(pieces.len() + 1));
        let pieces = pieces.into_iter().map(Ok);
        FileSource::stream(stream::iter(pieces.chain([Err("as the seed has it")])))
    }

    pub async fn pushes(&self, token: &UserAccessToken) -> Made<()> {
        let (id, bytes) = self.next();
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let descriptor = FileDescriptor {
            mime_type: "text/plain".to_owned(),
            accounts: Vec::new(),
            reference: Some(vec![id.clone()]),
            tags: None,
        };
        let data = PushedFile {
            file_data: self.source(&bytes),
            file_name: text("file"),
            file_descriptor: descriptor.into(),
        };
        let options = PushDataToLibraryOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .data(data)
            .on_access_token_change(hook)
            .build();
        lock(&self.schedule.ledger).given.insert(id.clone(), bytes);
        let pushed = self.client.push_data(PushDataOptions::Library(options));
        self.pushed(
            &id,
            self.made("pushData", Some((token, Some(took))), pushed)
                .await,
        )
    }

    pub async fn pushes_to_provider(&self, token: &UserAccessToken) -> Made<()> {
        let (id, _) = self.next();
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let bundle = format!(r#"{{"id":"{id}","resourceType":"Bundle"}}"#);
        let Ok(data) = bundle.parse::<JsonObject>() else {
            return None;
        };
        let options = PushDataToProviderOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .data(data)
            .version(FhirVersion::Stu3)
            .account_id(format!("account-{}", self.user()))
            .on_access_token_change(hook)
            .build();
        lock(&self.schedule.ledger)
            .given
            .insert(id.clone(), bundle.into());
        let pushed = self.client.push_data(PushDataOptions::Provider(options));
        self.pushed(
            &id,
            self.made("pushData", Some((token, Some(took))), pushed)
                .await,
        )
    }

    fn pushed(&self, id: &str, pushed: Made<()>) -> Made<()> {
        if matches!(pushed, Some(Ok(()))) {
            self.schedule.has_pushed(id);
        }
        pushed
    }

    pub async fn begins_session(&self, token: &UserAccessToken) -> Made<()> {
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let options = ReadSessionOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .on_access_token_change(hook)
            .build();
        let begun = self.client.read_session(options);
        let begun = self
            .made("readSession", Some((token, Some(took))), begun)
            .await?;
        if let Ok(begun) = &begun {
            let mut account = lock(&self.schedule.accounts[self.user()]);
            account.session = Some(begun.session.key.expose().clone());
        }
        Some(begun.map(drop))
    }

    /// The session of the user, of which one has begun.
    fn session(&self) -> Option<String> {
        lock(&self.schedule.accounts[self.user()]).session.clone()
    }

    /// A file of a session has this content.
    fn is_file(&self, session: &str, name: &str, read: &[u8]) {
        let content = lock(&self.schedule.platform).file(session, name);
        if content.as_deref() != Some(read) {
            self.schedule.broken(format!(
                "the file {name} of {session} was read as {} bytes that are not its own",
                read.len()
            ));
        }
    }

    pub async fn reads_files(&self, token: &UserAccessToken) -> Made<()> {
        let session = self.session()?;
        let (hook, _) = self.process.hook(self.schedule, self.user());
        let read = Arc::new(std::sync::Mutex::new(Vec::new()));
        let files = Arc::clone(&read);
        let options = ReadAllFilesOptions::builder()
            .session_key(text(&session).into())
            .contract_id(text("contract"))
            .private_key(text(CONTRACT_KEY).into())
            .user_access_token(token.clone())
            .on_access_token_change(hook)
            .on_file_data(Callback::new(move |file: FileData| {
                lock(&files).push((file.file_name, file.file_data.0));
                async { Ok(()) }
            }))
            .polling_limits(PollingLimits {
                total: Some(120_000),
                ..PollingLimits::default()
            })
            .build();
        let all = self.client.read_all_files(options);
        // Each of its requests has a time of its own.
        let all = self.made("readAllFiles", None, all).await;
        for (name, content) in lock(&read).iter() {
            self.is_file(&session, name, content);
        }
        match all? {
            Ok(all) => {
                self.schedule.keeps(self.user(), &all.user_access_token);
                Some(Ok(()))
            }
            Err(error) => {
                self.learns(Some(token), &error);
                Some(Err(error))
            }
        }
    }

    pub async fn streams_file(&self, token: &UserAccessToken) -> Made<()> {
        let session = self.session()?;
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let options = ReadFileOptions::builder()
            .session_key(text(&session).into())
            .file_name(text("0"))
            .contract_id(text("contract"))
            .private_key(text(CONTRACT_KEY).into())
            .user_access_token(token.clone())
            .on_access_token_change(hook)
            .build();
        let read = self.client.read_file_stream(options);
        match self
            .made("readFileStream", Some((token, Some(took))), read)
            .await?
        {
            Ok(file) => {
                let whole = self.collected(&file.body).await?;
                if let Ok(whole) = &whole {
                    self.is_file(&session, "0", whole);
                }
                Some(whole.map(drop))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// The whole of a stream; none where it is left.
    async fn collected(&self, stream: &ByteStream) -> Made<Vec<u8>> {
        let mut whole = Vec::new();
        while let Some(chunk) = stream.next().await {
            match chunk {
                Ok(chunk) => whole.extend_from_slice(&chunk),
                Err(error) => {
                    self.judged("a stream", &error);
                    return Some(Err(error));
                }
            }
            if self
                .schedule
                .strikes(Kind::Cancel, self.process.machine.number)
                .is_some()
            {
                return None;
            }
        }
        Some(Ok(whole))
    }

    pub async fn uploads(&self, token: &UserAccessToken) -> Made<()> {
        let (hook, took) = self.process.hook(self.schedule, self.user());
        let options = GetUserStorageOptions::builder()
            .contract_details(contract())
            .user_access_token(token.clone())
            .on_access_token_change(hook)
            .build();
        let storage = self.client.get_user_storage(options);
        let storage = match self
            .made("getUserStorage", Some((token, Some(took))), storage)
            .await?
        {
            Ok(found) => found.storage.id,
            Err(error) => return Some(Err(error)),
        };
        if storage != storage_of(self.user()) {
            self.schedule
                .broken(format!("the storage of user {} is {storage}", self.user()));
        }
        let (id, bytes) = self.next();
        let options = UploadFileToStorageOptions::builder()
            .contract_details(contract())
            .storage_id(text(&storage))
            .file_name(text(&id))
            .file_data(self.source(&bytes))
            .build();
        lock(&self.schedule.ledger)
            .given
            .insert(id.clone(), bytes.clone());
        let uploaded = self.client.upload_file_to_storage(options);
        let uploaded = self.made("uploadFileToStorage", None, uploaded).await?;
        if uploaded.is_ok() {
            let path = format!("{storage}/files/apps/application/{id}");
            let sealed = lock(&self.schedule.platform).files.get(&path).cloned();
            if sealed.and_then(|sealed| keys::opened(&sealed)).as_deref() != Some(&bytes) {
                self.schedule.broken(format!(
                    "{id} was uploaded, and the platform does not have it"
                ));
            }
            lock(&self.schedule.accounts[self.user()]).uploaded.push(id);
        }
        Some(uploaded.map(drop))
    }

    pub async fn downloads(&self) -> Made<()> {
        let uploaded = lock(&self.schedule.accounts[self.user()]).uploaded.clone();
        if uploaded.is_empty() {
            return None;
        }
        let place = self.schedule.chance(|chance| chance.place(uploaded.len()));
        let options = DownloadStorageFileOptions::builder()
            .contract_details(contract())
            .storage_id(text(&storage_of(self.user())))
            .path(uploaded[place].clone())
            .build();
        let download = self.client.download_storage_file(options);
        match self.made("downloadStorageFile", None, download).await? {
            Ok(file) => {
                let whole = self.collected(&file.body).await?;
                let given = lock(&self.schedule.ledger)
                    .given
                    .get(&uploaded[place])
                    .cloned();
                if let Ok(whole) = &whole
                    && given.as_deref() != Some(whole.as_slice())
                {
                    self.schedule.broken(format!(
                        "{} was downloaded as something else",
                        uploaded[place]
                    ));
                }
                Some(whole.map(drop))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Makes a call, with a token and what its hook took of the time, and looks at how it ended; none where it was cancelled.
    async fn made<T>(
        &self,
        name: &str,
        with: Option<(&UserAccessToken, Option<Arc<AtomicU64>>)>,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Made<T> {
        let Self {
            schedule, process, ..
        } = self;
        let (executor, machine) = (&schedule.executor, &process.machine);
        let (began, by_clock) = (executor.now(), machine.steady_micros());
        schedule.trace(|| format!("process {} calls {name}", process.number));
        let cancelled = schedule.strikes(Kind::Cancel, machine.number);
        let patience = cancelled.map_or(Micros::MAX, |mut chance| {
            let longest = chance.one_of(&[10 * MILLISECOND, SECOND, 20 * SECOND]);
            chance.below(longest)
        });
        let outcome = match select(Box::pin(call), executor.after(patience)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => {
                schedule.trace(|| format!("process {} leaves {name}", process.number));
                return None;
            }
        };
        schedule.trace(|| {
            let how = match &outcome {
                Ok(_) => "well".to_owned(),
                Err(error) => format!("with {}: {error}", error.code()),
            };
            format!("process {}: {name} ends {how}", process.number)
        });
        let (token, hook) = with.unzip();
        let hook = hook
            .flatten()
            .map_or(0, |took| took.load(Ordering::Relaxed));
        let took = machine.steady_micros().saturating_sub(by_clock);
        let excused = machine.still_between(began, executor.now()) + hook;
        if name != "readAllFiles" && took > schedule.call + LATER + excused {
            schedule.broken(format!(
                "{name} took {took} µs of process {}",
                process.number
            ));
        }
        if let Err(error) = &outcome {
            self.judged(name, error);
            self.learns(token, error);
        }
        Some(outcome)
    }

    /// That a call fails has to have a reason that was there.
    fn judged(&self, name: &str, error: &Error) {
        let is_explained = match error.kind() {
            ErrorKind::Sdk(words) => {
                words.starts_with("a callback failed")
                    || words.contains("the stream of the file failed")
            }
            // Right after the platform has changed its key, a key set that was fetched a moment ago may lack it.
            ErrorKind::TokenVerification(_) => lock(&self.schedule.platform).key > 0,
            ErrorKind::TypeValidation { .. }
            | ErrorKind::UnexpectedResponse(_)
            | ErrorKind::FileDecryption(_)
            | ErrorKind::FileLimit { .. }
            | ErrorKind::ClientClosed => false,
            _ => true,
        };
        if !is_explained {
            self.schedule.broken(format!(
                "{name} of process {} failed for no reason: {error}",
                self.process.number
            ));
        }
    }
}
