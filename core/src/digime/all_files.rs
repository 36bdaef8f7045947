//! The loop behind `readAllFiles`: asks for the list, reads what is new, tells the application, and knows when to end.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use tokio::task::JoinSet;

use super::read_file;
use super::read_file_list::FileList;
use super::session_file::FileHead;
use super::{
    Callback, Contract, FileContent, FileData, FileError, FileFailure, FileListStatus,
    ReadAllFilesOptions, ReadAllFilesResponse, ReadingProgress, SharedFileList, UserAccessToken,
};
use crate::dynamic::{carry, stop_requested};
use crate::error::ErrorKind;
use crate::request::Authorized;
use crate::{Client, Error};

/// The polls without any change after which a session counts as stuck, unless the application says otherwise.
const STALE_POLLS: u32 = 100;

/// What became of one file.
struct Read {
    file_name: String,
    outcome: Result<(FileContent, FileHead), Error>,
    token: UserAccessToken,
}

/// A session being read.
pub(super) struct AllFiles {
    client: Client,
    contract: Contract,
    options: ReadAllFilesOptions,
    token: UserAccessToken,
    status: FileListStatus,
    files: SharedFileList,
    /// The version of each file that has been read or is to be.
    versions: HashMap<String, i64>,
    waiting: VecDeque<String>,
    under_way: JoinSet<Read>,
    progress: ReadingProgress,
    /// The first thing that a callback threw.
    thrown: Option<Error>,
    patience: Patience,
}

impl AllFiles {
    pub(super) fn new(client: &Client, contract: Contract, options: ReadAllFilesOptions) -> Self {
        Self {
            client: client.clone(),
            contract,
            token: options.user_access_token.clone(),
            patience: Patience::new(client, &options),
            options,
            status: FileListStatus {
                state: String::new(),
                details: None,
                other: serde_json::Map::new(),
            },
            files: SharedFileList::default(),
            versions: HashMap::new(),
            waiting: VecDeque::new(),
            under_way: JoinSet::new(),
            progress: ReadingProgress::default(),
            thrown: None,
        }
    }

    /// Reads until the session has ended, or the application wants no more.
    pub(super) async fn read(mut self) -> Result<ReadAllFilesResponse, Error> {
        let outcome = tokio::select! {
            biased;
            outcome = self.read_to_end() => outcome,
            () = stop_requested() => Ok(()),
        };
        // Dropped with `self`: what is still under way is not wanted any more.
        match outcome.and(self.thrown.map_or(Ok(()), Err)) {
            Ok(()) => Ok(ReadAllFilesResponse {
                status: self.status,
                file_list: self.files.to_vec(),
                user_access_token: self.token,
            }),
            Err(error) if self.token == self.options.user_access_token => Err(error),
            Err(error) => Err(error.with_user_access_token(self.token)),
        }
    }

    async fn read_to_end(&mut self) -> Result<(), Error> {
        loop {
            match self.poll().await {
                Ok(()) => {}
                // While files come in, a list that cannot be had now can be had later.
                Err(_) if !self.under_way.is_empty() => {}
                Err(error) => return Err(error),
            }
            if matches!(self.status.state.as_str(), "completed" | "partial") {
                while self.take_one().await {}
                return Ok(());
            }
            self.patience.check(&self.client, &self.status.state)?;
            let interval = Duration::from_millis(self.options.polling_interval.unwrap_or(3000));
            let mut pause = self.client.world().clock.sleep(interval);
            loop {
                tokio::select! {
                    biased;
                    Some(read) = self.under_way.join_next() => self.finish(read).await,
                    () = &mut pause => break,
                }
            }
        }
    }

    /// Asks for the list, and begins to read what is new in it.
    async fn poll(&mut self) -> Result<(), Error> {
        let hook = self.options.on_access_token_change.clone();
        let mut user = Authorized::new(&self.client, &self.contract, self.token.clone(), hook);
        let list = FileList::read(&mut user, self.options.session_key.expose()).await;
        self.token = user.into_token();
        let FileList { status, file_list } = list?;
        let is_new = status.state != self.status.state;
        self.status = status;
        if is_new {
            let state = self.status.state.clone();
            let told = tell(self.options.on_status_change.as_ref(), state).await;
            self.note(told);
        }
        let mut changed = is_new;
        self.files = file_list.unwrap_or_default().into();
        for file in self.files.iter() {
            let version = file.updated_date.unwrap_or_default();
            if self
                .versions
                .get(&file.name)
                .is_none_or(|known| version > *known)
            {
                self.versions.insert(file.name.clone(), version);
                if !self.waiting.contains(&file.name) {
                    self.waiting.push_back(file.name.clone());
                    self.progress.files_known += 1;
                }
                changed = true;
            }
        }
        self.patience.note(changed);
        self.begin();
        Ok(())
    }

    /// Begins to read files, as many at once as is allowed.
    fn begin(&mut self) {
        let at_once = usize::from(self.options.concurrency.unwrap_or(5).max(1));
        while self.under_way.len() < at_once {
            let Some(file_name) = self.waiting.pop_front() else {
                break;
            };
            let (client, contract) = (self.client.clone(), self.contract.clone());
            let (token, hook) = (
                self.token.clone(),
                self.options.on_access_token_change.clone(),
            );
            let session_key = self.options.session_key.clone();
            self.under_way.spawn(carry(async move {
                let mut user = Authorized::new(&client, &contract, token, hook);
                let outcome = read_file::read(&mut user, session_key.expose(), &file_name).await;
                Read {
                    file_name,
                    outcome,
                    token: user.into_token(),
                }
            }));
        }
    }

    /// Waits for one file. False if there is none to wait for.
    async fn take_one(&mut self) -> bool {
        let Some(read) = self.under_way.join_next().await else {
            return false;
        };
        self.finish(read).await;
        true
    }

    /// Tells the application of a file.
    async fn finish(&mut self, read: Result<Read, tokio::task::JoinError>) {
        let Ok(Read {
            file_name,
            outcome,
            token,
        }) = read
        else {
            self.note(Err(Error::sdk("the reading of a file broke off")));
            return;
        };
        // Files do not come back in the order in which they left, so neither do tokens.
        if token.access_token.expiry >= self.token.access_token.expiry {
            self.token = token;
        }
        self.begin();
        self.progress.files_done += 1;
        let file_list = self.files.clone();
        let told = match outcome {
            Ok((file_data, head)) => {
                self.progress.bytes += file_data.0.len() as u64;
                let event = FileData {
                    file_data,
                    file_metadata: head.metadata,
                    file_name,
                    last_modified: head.last_modified,
                    user_access_token: self.token.clone(),
                    file_list,
                };
                tell(self.options.on_file_data.as_ref(), event).await
            }
            Err(error) if matches!(error.kind(), ErrorKind::Host { .. }) => Err(error),
            Err(error) => {
                let event = FileError {
                    error: FileFailure(error),
                    file_name,
                    file_list,
                };
                tell(self.options.on_file_error.as_ref(), event).await
            }
        };
        self.note(told);
        let told = tell(self.options.on_progress.as_ref(), self.progress).await;
        self.note(told);
    }

    fn note(&mut self, told: Result<(), Error>) {
        if let (Err(error), None) = (told, &self.thrown) {
            self.thrown = Some(error);
        }
    }
}

async fn tell<T: Serialize>(callback: Option<&Callback<T>>, told: T) -> Result<(), Error> {
    match callback {
        Some(callback) => callback.tell(told).await,
        None => Ok(()),
    }
}

/// How much longer to ask.
struct Patience {
    begun: SystemTime,
    interval: u64,
    pending_limit: Option<u32>,
    stale_limit: u32,
    total_limit: Option<u64>,
    pending: u32,
    stale: u32,
}

impl Patience {
    fn new(client: &Client, options: &ReadAllFilesOptions) -> Self {
        let limits = options.polling_limits.clone().unwrap_or_default();
        Self {
            begun: client.world().clock.now(),
            interval: options.polling_interval.unwrap_or(3000),
            pending_limit: limits.pending,
            stale_limit: limits.stale.unwrap_or(STALE_POLLS),
            total_limit: limits.total,
            pending: 0,
            stale: 0,
        }
    }

    fn note(&mut self, changed: bool) {
        self.stale = if changed { 0 } else { self.stale + 1 };
    }

    fn check(&mut self, client: &Client, state: &str) -> Result<(), Error> {
        self.pending += u32::from(state == "pending");
        let polls = |count: u32| Duration::from_millis(self.interval.saturating_mul(count.into()));
        let passed = client
            .world()
            .clock
            .now()
            .duration_since(self.begun)
            .unwrap_or_default();
        let total = self.total_limit.map(Duration::from_millis);
        let (phase, after) = if let Some(total) = total.filter(|total| passed >= *total) {
            ("total", total)
        } else if let Some(limit) = self.pending_limit.filter(|limit| self.pending >= *limit) {
            ("pending", polls(limit))
        } else if self.stale >= self.stale_limit {
            ("stale", polls(self.stale_limit))
        } else {
            return Ok(());
        };
        Err(ErrorKind::Timeout {
            request: "readAllFiles".to_owned(),
            phase,
            after,
        }
        .into())
    }
}
