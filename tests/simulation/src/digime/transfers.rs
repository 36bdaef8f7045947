//! What the application pushes, stores and reads, and that it is byte for byte the same on both sides.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use digime_sdk::JsonObject;
use digime_sdk::digime::{
    ByteStream, Callback, DownloadStorageFileOptions, FhirVersion, FileData, FileDescriptor,
    FileError, FileSource, GetUserStorageOptions, PollingLimits, PushDataOptions,
    PushDataToLibraryOptions, PushDataToProviderOptions, PushedFile, ReadAllFilesOptions,
    ReadFileOptions, ReadSessionOptions, UploadFileToStorageOptions, UserAccessToken,
};
use futures_util::stream;

use crate::chance::Chance;
use crate::digime::calls::{Calls, Made, contract};
use crate::digime::keys::{self, CONTRACT_KEY};
use crate::digime::platform::{content, storage_of};
use crate::digime::process::text;
use crate::executor::lock;
use crate::faults::Kind;

impl Calls<'_> {
    /// What is pushed next, and what it is known by.
    fn next(&self) -> (String, Bytes) {
        let number = self.schedule.chance(Chance::number);
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

    /// Of each file of a session was told, that it was read or that it could not be.
    fn are_all(&self, session: &str, told: &BTreeSet<String>) {
        let files = lock(&self.schedule.platform).files_of(session);
        if let Some(missing) = (0..files).find(|file| !told.contains(&file.to_string())) {
            self.schedule.broken(format!(
                "{session} was read to its end, and nothing was heard of its file {missing}"
            ));
        }
    }

    pub async fn reads_files(&self, token: &UserAccessToken) -> Made<()> {
        let session = self.session()?;
        let (hook, heard) = self.process.hook(self.schedule, self.user());
        let read = Arc::new(Mutex::new(Vec::new()));
        let failed = Arc::new(Mutex::new(Vec::new()));
        let (files, fails) = (Arc::clone(&read), Arc::clone(&failed));
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
            .on_file_error(Callback::new(move |file: FileError| {
                lock(&fails).push((file.file_name, file.error.0));
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
        for (_, error) in lock(&failed).iter() {
            self.judged("a file of readAllFiles", error);
        }
        match all? {
            Ok(all) => {
                let mut told: BTreeSet<String> = names_of(&read);
                told.append(&mut names_of(&failed));
                self.are_all(&session, &told);
                if let Some(token) = &all.user_access_token {
                    self.schedule.keeps(self.user(), token);
                }
                Some(Ok(()))
            }
            Err(error) => {
                self.brings_along("readAllFiles", Some(&heard), &error);
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
            Ok(found) => found.storage.id.clone(),
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
}

/// The names of some files, of which more is known.
fn names_of<T>(files: &Mutex<Vec<(String, T)>>) -> BTreeSet<String> {
    let files = lock(files);
    files.iter().map(|(name, _)| name.clone()).collect()
}
