//! The loop behind `readAllFiles`: asks for the list, reads what is new, tells the application, and knows when to end.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;

use crate::binding::{carry, stop_requested};
use crate::digime::calls::read_file;
use crate::digime::calls::read_file_list::FileList;
use crate::digime::files::session_file::FileHead;
use crate::digime::{
    Acting, Authorized, Callback, Client, Contract, FileContent, FileData, FileError, FileFailure,
    FileListStatus, ReadAllFilesOptions, ReadAllFilesResponse, ReadingProgress, SharedFileList,
    UserAccessToken,
};
use crate::error::ErrorKind;
use crate::http::transport::Sent;
use crate::operation::PlatformClient;
use crate::world::{Event, Moment, Owned};
use crate::{Described, Error};

/// The state of a session that was not asked for yet: when it is found to be so, nothing has changed.
const BEFORE: &str = "pending";

/// The polls without any change after which a session counts as stuck, unless the application says otherwise.
const STALE_POLLS: u32 = 100;

/// What became of one file.
struct Read {
    file_name: String,
    outcome: Result<(FileContent, FileHead), Error>,
    /// The token that it began with, and that it ended with.
    tokens: (Option<UserAccessToken>, Option<UserAccessToken>),
}

/// A session being read.
pub(in crate::digime) struct AllFiles {
    client: Client,
    contract: Contract,
    options: ReadAllFilesOptions,
    acting: Acting,
    /// The token that the application gave.
    given: Option<UserAccessToken>,
    status: Described<FileListStatus>,
    files: SharedFileList,
    /// The version of each file that has been read or is to be.
    versions: HashMap<String, i64>,
    waiting: VecDeque<String>,
    under_way: FuturesUnordered<Owned<Read>>,
    progress: ReadingProgress,
    /// How often the list was asked for.
    polls: u32,
    /// The first thing that a callback threw.
    thrown: Option<Error>,
    patience: Patience,
}

impl AllFiles {
    pub(in crate::digime) fn new(
        client: &Client,
        contract: Contract,
        options: ReadAllFilesOptions,
        acting: Acting,
    ) -> Self {
        Self {
            client: client.clone(),
            contract,
            given: acting.token().cloned(),
            acting,
            patience: Patience::new(client, &options),
            options,
            status: Described::new(
                FileListStatus {
                    state: BEFORE.to_owned(),
                    details: None,
                },
                serde_json::json!({ "state": BEFORE }).into(),
            ),
            files: SharedFileList::default(),
            versions: HashMap::new(),
            waiting: VecDeque::new(),
            under_way: FuturesUnordered::new(),
            progress: ReadingProgress::default(),
            polls: 0,
            thrown: None,
        }
    }

    /// Reads until the session has ended, or the application wants no more.
    pub(in crate::digime) async fn read(mut self) -> Result<ReadAllFilesResponse, Error> {
        let outcome = tokio::select! {
            biased;
            outcome = self.read_to_end() => outcome,
            () = stop_requested() => Ok(()),
        };
        // What is still under way is not wanted any more, but for a refresh.
        self.under_way.clear();
        let mut token = self.acting.token().cloned();
        if let Some(known) = token {
            let tokens = self.client.tokens();
            token = Some(tokens.latest(&self.client, &self.contract, known).await);
        }
        match outcome.and(self.thrown.map_or(Ok(()), Err)) {
            Ok(()) => Ok(ReadAllFilesResponse {
                status: self.status,
                file_list: self.files.to_vec(),
                user_access_token: token,
            }),
            Err(error) => Err(
                match token.filter(|token| Some(token) != self.given.as_ref()) {
                    Some(newer) => error.with_user_access_token(newer),
                    None => error,
                },
            ),
        }
    }

    async fn read_to_end(&mut self) -> Result<(), Error> {
        loop {
            match self.poll().await {
                Ok(()) => {}
                // Nobody has stored the token that a refresh has brought: nothing more is done with it.
                Err(error) if error.user_access_token().is_some() => return Err(error),
                // While files come in, a list that cannot be had now can be had later.
                Err(_) if !self.under_way.is_empty() => {}
                Err(error) => return Err(error),
            }
            if matches!(self.status.state.as_str(), "completed" | "partial") {
                while let Some(read) = self.under_way.next().await {
                    self.finish(read).await?;
                }
                return Ok(());
            }
            self.patience.check(&self.client, &self.status.state)?;
            let interval = Duration::from_millis(self.options.polling_interval.unwrap_or(3000));
            let mut pause = self.client.world().clock.sleep(interval);
            loop {
                tokio::select! {
                    biased;
                    Some(read) = self.under_way.next() => self.finish(read).await?,
                    () = &mut pause => break,
                }
            }
        }
    }

    /// Asks for the list, and begins to read what is new in it.
    async fn poll(&mut self) -> Result<(), Error> {
        self.polls += 1;
        let number = self.polls;
        self.client.world().observe(|| Event::Poll { number });
        let client = self.client.beginning();
        let acting = self.acting.clone();
        let mut user = Authorized::begin(&client, &self.contract, acting).await?;
        let list = FileList::read(&mut user, self.options.session_key.expose()).await;
        self.acting.go_on_with(user.into_token());
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
            let reading = Reading {
                client: self.client.beginning(),
                contract: self.contract.clone(),
                session_key: self.options.session_key.expose().to_string(),
                acting: self.acting.clone(),
            };
            let reading = carry(async move { reading.file(file_name).await });
            self.under_way
                .push(self.client.world().spawn_owned(reading));
        }
    }

    /// Tells the application of a file. An error ends the reading.
    async fn finish(&mut self, read: Result<Read, Error>) -> Result<(), Error> {
        let Read {
            file_name,
            outcome,
            tokens: (begun_with, ended_with),
        } = read?;
        // Files do not come back in the order in which they left, so neither do tokens: one counts that replaces what is known here.
        if begun_with.as_ref() == self.acting.token() {
            self.acting.go_on_with(ended_with);
        }
        if let Err(error) = &outcome
            && error.user_access_token().is_some()
            && matches!(error.kind(), ErrorKind::Host { .. } | ErrorKind::Sdk(_))
        {
            // The application could not take the new token: nothing more is done with it.
            return outcome.map(drop);
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
                    user_access_token: self.acting.token().cloned(),
                    file_list,
                };
                tell(self.options.on_file_data.as_ref(), event).await
            }
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
        Ok(())
    }

    fn note(&mut self, told: Result<(), Error>) {
        if let (Err(error), None) = (told, &self.thrown) {
            self.thrown = Some(error);
        }
    }
}

/// What the reading of one file needs.
struct Reading {
    client: Client,
    contract: Contract,
    session_key: String,
    acting: Acting,
}

impl Reading {
    async fn file(self, file_name: String) -> Read {
        let begun_with = self.acting.token().cloned();
        let mut user = match Authorized::begin(&self.client, &self.contract, self.acting).await {
            Ok(user) => user,
            Err(error) => {
                return Read {
                    file_name,
                    outcome: Err(error),
                    tokens: (None, None),
                };
            }
        };
        let outcome = read_file::read(&mut user, &self.session_key, &file_name).await;
        Read {
            file_name,
            outcome: user.conclude(outcome),
            tokens: (begun_with, user.into_token()),
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
    begun: Moment,
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
            begun: client.world().moment(),
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
        let passed = self.begun.steadily(&*client.world().clock);
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
            sent: Sent::Whole,
        }
        .into())
    }
}
