//! The loop behind `readAllFiles`: asks for the list, reads what is new, tells the application, and knows when to end.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;

use crate::binding::{carry, stop_requested};
use crate::digime::calls::read_file;
use crate::digime::calls::read_file_list::FileList;
use crate::digime::failure::asks_for_less;
use crate::digime::files::asked_list::{Asked, ask};
use crate::digime::files::at_once::AtOnce;
use crate::digime::files::polling::{Answered, Polling};
use crate::digime::files::session_file::FileHead;
use crate::digime::files::waiting_time::WaitingTime;
use crate::digime::{
    Acting, Authorized, Callback, Client, Contract, FileContent, FileData, FileError, FileFailure,
    FileListStatus, ReadAllFilesOptions, ReadAllFilesResponse, ReadingProgress, SharedFileList,
    UserAccessToken,
};
use crate::error::ErrorKind;
use crate::http::Congestion;
use crate::operation::PlatformClient;
use crate::world::{Event, Owned};
use crate::{Described, Error};

/// The state of a session that was not asked for yet: when it is found to be so, nothing has changed.
const BEFORE: &str = "pending";

/// What became of one file.
struct Read {
    file_name: String,
    outcome: Result<(FileContent, FileHead), Error>,
    /// The token that it began with, and that it ended with.
    tokens: (Option<UserAccessToken>, Option<UserAccessToken>),
    took: Duration,
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
    /// Those that the platform has refused once for being asked too much.
    refused: HashSet<String>,
    under_way: FuturesUnordered<Owned<Read>>,
    progress: ReadingProgress,
    /// How often the list was asked for.
    polls: u32,
    /// The first thing that a callback threw.
    thrown: Option<Error>,
    congestion: Congestion,
    at_once: AtOnce,
    polling: Polling,
    time: WaitingTime,
}

impl AllFiles {
    pub(in crate::digime) fn new(
        client: &Client,
        contract: Contract,
        options: ReadAllFilesOptions,
        acting: Acting,
    ) -> Result<Self, Error> {
        let congestion = Congestion::default();
        let world = client.world();
        Ok(Self {
            client: client.side_by_side(&congestion),
            congestion,
            at_once: AtOnce::new(world, options.concurrency)?,
            polling: Polling::new(world, options.polling_interval)?,
            time: WaitingTime::begin(world, &options),
            contract,
            given: acting.token().cloned(),
            acting,
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
            refused: HashSet::new(),
            under_way: FuturesUnordered::new(),
            progress: ReadingProgress::default(),
            polls: 0,
            thrown: None,
        })
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
            let client = self.client.beginning();
            token = Some(client.tokens().latest(&client, &self.contract, known).await);
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
            self.time.left()?;
            let asked_for_less = self.congestion.times();
            let asked = self.ask().await?;
            let mut refusal = None;
            let (changed, retry_after) = match asked {
                Asked::List(mut list) => {
                    let retry_after = list.retry_after.take();
                    (Some(self.learn(list).await), retry_after)
                }
                // Who waits for a session can wait for a platform that has too much to do.
                Asked::TooMuch(error) if error.retry_after() <= Some(self.longest_wait()) => {
                    let error = refusal.insert(error);
                    (Some(false), error.retry_after())
                }
                // Nobody has stored the token that a refresh has brought: nothing more is done with it.
                Asked::Failed(error) if error.user_access_token().is_some() => return Err(error),
                // While files come in, a list that cannot be had now can be had later, unless that is too late.
                Asked::Failed(error)
                    if !self.under_way.is_empty()
                        && error.retry_after() <= Some(self.longest_wait()) =>
                {
                    (None, error.retry_after())
                }
                Asked::TooMuch(error) | Asked::Failed(error) => {
                    self.finish_all().await?;
                    return Err(error);
                }
            };
            if matches!(self.status.state.as_str(), "completed" | "partial") {
                return self.finish_all().await;
            }
            let asks_for_less = refusal.is_some() || self.congestion.times() > asked_for_less;
            self.time.refused(refusal);
            self.time.found(changed, &self.status.state)?;
            let pause = self.polling.next(&Answered {
                changed,
                asks_for_less,
                not_within: retry_after.unwrap_or_default(),
            });
            self.rest(pause).await?;
        }
    }

    /// The longest that the platform may ask to wait.
    fn longest_wait(&self) -> Duration {
        self.client.settings().retry_options.longest_retry_after()
    }

    /// Waits before the list is asked for again, and no longer than it may be. Files come in meanwhile.
    async fn rest(&mut self, mut pause: Duration) -> Result<(), Error> {
        let world = self.client.world().clone();
        while !pause.is_zero() {
            pause = pause.min(self.time.left()?);
            let mut begun = world.moment();
            let mut over = world.clock.sleep(pause);
            loop {
                let read = tokio::select! {
                    biased;
                    Some(read) = self.under_way.next() => Some(read),
                    () = &mut over => None,
                };
                self.time.rested(begun, pause);
                let Some(read) = read else { break };
                self.finish(read).await?;
                self.time.left()?;
                begun = world.moment();
            }
            pause = self.congestion.left(&world);
        }
        Ok(())
    }

    async fn finish_all(&mut self) -> Result<(), Error> {
        while !self.under_way.is_empty() {
            if let Some(read) = self.time.reading(self.under_way.next()).await? {
                self.finish(read).await?;
            }
        }
        Ok(())
    }

    /// Asks for the list, as long as there is time.
    async fn ask(&mut self) -> Result<Asked, Error> {
        self.polling.asks();
        self.polls += 1;
        let number = self.polls;
        self.client.world().observe(|| Event::Poll { number });
        let client = self.client.beginning();
        let acting = self.acting.clone();
        let session_key = self.options.session_key.expose();
        let asking = Box::pin(ask(&client, &self.contract, acting, session_key));
        let (asked, token) = self.time.asking(asking).await?;
        self.acting.go_on_with(token);
        Ok(asked)
    }

    /// Learns from the list, and begins to read what is new in it. Whether anything is.
    async fn learn(&mut self, list: FileList) -> bool {
        let FileList { status, files, .. } = list;
        let is_new = status.state != self.status.state;
        self.status = status;
        if is_new {
            let state = self.status.state.clone();
            let told = tell(self.options.on_status_change.as_ref(), state).await;
            self.note(told);
        }
        let mut changed = is_new;
        self.files = files.unwrap_or_default().into();
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
        self.begin();
        changed
    }

    /// Begins to read files, as many at once as is allowed.
    fn begin(&mut self) {
        let (world, under_way) = (self.client.world(), self.under_way.len());
        let at_once = self.at_once.allowed(world, &self.congestion, under_way);
        while self.under_way.len() < at_once {
            let Some(file_name) = self.waiting.pop_front() else {
                break;
            };
            let reading = Reading {
                client: self.client.clone(),
                congestion: self.congestion.clone(),
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
            took,
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
        let bytes = outcome.as_ref().map_or(0, |(data, _)| data.0.len() as u64);
        let others_wait = !self.waiting.is_empty();
        self.at_once
            .note(self.client.world(), bytes, took, others_wait);
        if let Err(error) = &outcome
            && self.was_too_much(error)
            && !self.waiting.contains(&file_name)
            && self.refused.insert(file_name.clone())
        {
            self.waiting.push_back(file_name);
            self.begin();
            return Ok(());
        }
        self.begin();
        self.progress.files_done += 1;
        let file_list = self.files.clone();
        let told = match outcome {
            Ok((file_data, head)) => {
                self.progress.bytes += bytes;
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

    /// Whether a file was refused for how much the platform was asked beside it: then it can be had when less is.
    fn was_too_much(&self, error: &Error) -> bool {
        let alone = self.under_way.is_empty();
        !alone && asks_for_less(error) && error.retry_after() <= Some(self.longest_wait())
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
    congestion: Congestion,
    contract: Contract,
    session_key: String,
    acting: Acting,
}

impl Reading {
    async fn file(self, file_name: String) -> Read {
        let begun_with = self.acting.token().cloned();
        let world = self.client.world();
        self.congestion.passes(world).await;
        let begun = world.moment();
        let client = self.client.beginning();
        let (outcome, ended_with) =
            match Authorized::begin(&client, &self.contract, self.acting).await {
                Ok(mut user) => {
                    let read = read_file::read(&mut user, &self.session_key, &file_name).await;
                    (user.conclude(read), user.into_token())
                }
                Err(error) => (Err(error), begun_with.clone()),
            };
        Read {
            file_name,
            outcome,
            tokens: (begun_with, ended_with),
            took: begun.steadily(&*world.clock),
        }
    }
}

async fn tell<T: Serialize>(callback: Option<&Callback<T>>, told: T) -> Result<(), Error> {
    match callback {
        Some(callback) => callback.tell(told).await,
        None => Ok(()),
    }
}
