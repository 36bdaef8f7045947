//! A database file of this process: opened once, whoever asks for it, and never across a fork.
//!
//! POSIX drops every lock that a process has on a file when it closes any descriptor of that file. SQLite takes care of its own, so a file
//! that exists is opened and closed by SQLite alone.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::StoreFailure;
use super::sql::PATIENCE;
use super::sqlite_connection::{Connected, Identity, Job, giving_up_locks};
use crate::world;

/// Which of the connections to a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lane {
    /// Reads, which wait for nobody.
    Read,
    /// Writes, of which one waits for another, here and in other processes.
    Write,
}

/// The connections to a file, each with a thread of its own.
struct Open {
    reads: Connected,
    writes: Connected,
}

/// The files of this process.
struct Files {
    open: BTreeMap<PathBuf, Open>,
    /// The process that opened them.
    process: u32,
}

/// Held during a fork. Who makes or drops a store never waits for it, since that one may hold what the forking thread waits for: Python's
/// interpreter, for one.
static FILES: Mutex<Files> = Mutex::new(Files {
    open: BTreeMap::new(),
    process: 0,
});

/// How often this process has closed its files for a fork.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// How many stores use each file.
static USERS: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

fn users() -> MutexGuard<'static, BTreeMap<PathBuf, usize>> {
    USERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn files() -> MutexGuard<'static, Files> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All files of SQLite's that this process has open, closed until this is dropped: what a process does that forks. Calls wait meanwhile.
///
/// A file that is open during a fork cannot be used in the child: neither the locks on it nor the threads are there, and SQLite believes
/// that they are. Calls that need it fail there and say so.
pub struct ClosedFiles {
    _files: MutexGuard<'static, Files>,
}

impl ClosedFiles {
    /// Closes them, when what is being done with them is done; what waits for a lock is not waited for.
    #[must_use]
    pub fn close() -> Self {
        let mut files = files();
        FORKS.fetch_add(1, Ordering::SeqCst);
        if files.process == std::process::id() {
            let open = std::mem::take(&mut files.open);
            giving_up_locks(|| open.into_values().for_each(Open::close));
        }
        Self { _files: files }
    }
}

impl Files {
    fn jobs(&mut self, path: &Path, lane: Lane) -> Result<mpsc::Sender<Job>, StoreFailure> {
        let process = std::process::id();
        if self.process != process {
            if !self.open.is_empty() {
                return Err(StoreFailure::new(
                    "this process was forked from one that had the file open, and cannot use it: close stores before a fork, or fork before the first call",
                ));
            }
            self.process = process;
        }
        // A thread ends before its time if work on it panics.
        let ended = |open: &Open| open.reads.has_ended() || open.writes.has_ended();
        if self.open.get(path).is_some_and(ended) {
            self.open.remove(path);
        }
        if !self.open.contains_key(path) {
            make(path)?;
            let identity = Identity::of(path);
            let open = Open {
                reads: Connected::new(path, identity)?,
                writes: Connected::new(path, identity)?,
            };
            self.open.insert(path.to_owned(), open);
        }
        let open = self.open.get(path);
        let jobs = open.map(|open| match lane {
            Lane::Read => open.reads.jobs(),
            Lane::Write => open.writes.jobs(),
        });
        jobs.ok_or_else(|| StoreFailure::new("the file is not open"))
    }
}

impl Open {
    fn close(self) {
        // The last to go tidies up, for which it may have to write.
        self.reads.close();
        self.writes.close();
    }
}

/// Makes the file if it is not there: readable by its owner alone, as SQLite then makes the files beside it too. Whoever opens it in this
/// process does so later, so that nobody's locks end with this descriptor.
fn make(path: &Path) -> Result<(), StoreFailure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(StoreFailure::new(format!(
            "the file cannot be made ({})",
            error.kind()
        ))),
        _ => Ok(()),
    }
}

/// A file that a store uses.
pub(super) struct SqliteFile {
    path: PathBuf,
    /// Whether it counts among those that use the file: not any more when it has let go of it.
    counts: AtomicBool,
}

impl SqliteFile {
    pub(super) fn new(path: PathBuf) -> Self {
        let file = Self {
            path,
            counts: AtomicBool::new(false),
        };
        file.join();
        file
    }

    fn join(&self) {
        let mut users = users();
        if !self.counts.swap(true, Ordering::SeqCst) {
            *users.entry(self.path.clone()).or_default() += 1;
        }
    }

    /// Says whether it was the last that used the file.
    fn leave(&self) -> bool {
        let mut users = users();
        if !self.counts.swap(false, Ordering::SeqCst) {
            return false;
        }
        let left = users.get_mut(&self.path).map(|count| {
            *count -= 1;
            *count
        });
        if left != Some(0) {
            return false;
        }
        users.remove(&self.path);
        true
    }

    /// Does the work on a connection's own thread. It may be begun again where a fork got in between.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl Fn(&mut Connection) -> Result<T, StoreFailure> + Send + Sync + 'static,
    ) -> Result<T, StoreFailure> {
        /// A thread that ends again and again, though nobody forks.
        const MOST_ENDS: usize = 3;
        if !self.counts.load(Ordering::SeqCst) {
            self.join();
        }
        let work = Arc::new(work);
        let mut ends = 0;
        while ends < MOST_ENDS {
            let (job, answered) = Job::of(Arc::clone(&work));
            let forks = FORKS.load(Ordering::SeqCst);
            let jobs = files().jobs(&self.path, lane)?;
            if jobs.send(job).is_ok() {
                // SQLite itself waits as long for a lock.
                match world::within(PATIENCE * 2, answered).await {
                    Some(Ok(outcome)) => return outcome,
                    Some(Err(_)) => {}
                    None => {
                        return Err(StoreFailure::new(format!(
                            "the file gave no answer within {} seconds",
                            (PATIENCE * 2).as_secs()
                        )));
                    }
                }
            }
            // However often a fork closes it under a call.
            ends += usize::from(FORKS.load(Ordering::SeqCst) == forks);
        }
        Err(StoreFailure::new("work on the file broke off"))
    }

    /// Closes the file, unless another store uses it.
    pub(super) async fn let_go(&self) {
        let open = {
            let mut files = files();
            let is_last = self.leave();
            let is_own = files.process == std::process::id();
            if !is_last || !is_own {
                return;
            }
            files.open.remove(&self.path)
        };
        let Some(open) = open else { return };
        let (told, end) = oneshot::channel();
        // What is being done with it is done first, for which nobody here can wait.
        let closing = world::own_thread(move || {
            open.close();
            let _ = told.send(());
        });
        if closing.is_ok() {
            let _ = end.await;
        }
    }
}

impl Drop for SqliteFile {
    fn drop(&mut self) {
        if !self.leave() {
            return;
        }
        // What is being done with it is done; in a forked child there is nobody to do it. During a fork it is closed already.
        if let Ok(mut files) = FILES.try_lock()
            && files.process == std::process::id()
        {
            files.open.remove(&self.path);
        }
    }
}
