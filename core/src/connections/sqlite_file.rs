//! A database file of this process: opened once, by threads of its own, whoever asks for it, and never across a fork.
//!
//! POSIX drops every lock that a process has on a file when it closes any descriptor of that file. SQLite takes care of its own, so a file
//! that exists is opened and closed by SQLite alone.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::StoreFailure;
use super::sql::PATIENCE;
use crate::world;

/// How often a lock is looked at that another process holds.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// What is done with a connection, if there is one.
type Work = Box<dyn FnOnce(Result<&mut Connection, StoreFailure>) + Send>;

enum Job {
    Do(Work),
    /// Ends the thread, and with it the connection. What waits behind it is not done.
    Close,
}

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

struct Connected {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<()>,
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

/// How many stores there are for each file.
static USERS: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

/// Whether files are being closed for a fork: what waits for a lock then gives up, and is begun again afterwards.
static FORKING: AtomicBool = AtomicBool::new(false);

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
        if files.process == std::process::id() {
            FORKING.store(true, Ordering::SeqCst);
            std::mem::take(&mut files.open)
                .into_values()
                .for_each(Open::close);
            FORKING.store(false, Ordering::SeqCst);
        }
        Self { _files: files }
    }
}

impl Connected {
    fn new(path: &Path, opened: Identity) -> Result<Self, StoreFailure> {
        let (jobs, queue) = mpsc::channel();
        let path = path.to_owned();
        let thread = world::own_thread(move || serve(&path, opened, &queue)).map_err(|error| {
            StoreFailure::new(format!("no thread can be had for it ({})", error.kind()))
        })?;
        Ok(Self { jobs, thread })
    }

    fn close(self) {
        // A thread that has ended already hears nothing, and has left nothing to close.
        let _ = self.jobs.send(Job::Close);
        let _ = self.thread.join();
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
        let ended =
            |open: &Open| open.reads.thread.is_finished() || open.writes.thread.is_finished();
        if self.open.get(path).is_some_and(ended) {
            self.open.remove(path);
        }
        if !self.open.contains_key(path) {
            make(path)?;
            let opened = Identity::of(path);
            let open = Open {
                reads: Connected::new(path, opened)?,
                writes: Connected::new(path, opened)?,
            };
            self.open.insert(path.to_owned(), open);
        }
        let open = self.open.get(path);
        let jobs = open.map(|open| match lane {
            Lane::Read => open.reads.jobs.clone(),
            Lane::Write => open.writes.jobs.clone(),
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

fn serve(path: &Path, opened: Identity, queue: &mpsc::Receiver<Job>) {
    let mut connection = None;
    while let Ok(Job::Do(work)) = queue.recv() {
        if FORKING.load(Ordering::SeqCst) {
            break;
        }
        if Identity::of(path) != opened {
            work(Err(StoreFailure::new(
                "the file was removed or replaced while it was in use: end all processes that use it before that, and start them again now",
            )));
            continue;
        }
        if connection.is_none() {
            match open(path) {
                Ok(opened) => connection = Some(opened),
                Err(error) => {
                    work(Err(failure(&error)));
                    continue;
                }
            }
        }
        if let Some(connection) = &mut connection {
            work(Ok(connection));
        }
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_handler(Some(waits_on))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A new pair of tokens must outlast a power cut: the old one is spent.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    Ok(connection)
}

thread_local! {
    /// Whether anybody still waits for what this thread is doing.
    static IS_WANTED: RefCell<Option<Box<dyn Fn() -> bool>>> = const { RefCell::new(None) };
}

/// Whether a statement waits on for a lock, having looked so many times.
fn waits_on(looks: i32) -> bool {
    let is_wanted = IS_WANTED.with_borrow(|wanted| wanted.as_ref().is_none_or(|wanted| wanted()));
    let waited = u128::try_from(looks).unwrap_or(0) * LOCK_PAUSE.as_millis();
    if !is_wanted || FORKING.load(Ordering::SeqCst) || waited >= PATIENCE.as_millis() {
        return false;
    }
    world::rest(LOCK_PAUSE);
    true
}

/// Which file it is that a path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity(Option<(u64, u64)>);

impl Identity {
    #[cfg(unix)]
    fn of(path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok();
        Self(metadata.map(|metadata| (metadata.dev(), metadata.ino())))
    }

    /// A file that is in use is not removed there.
    #[cfg(not(unix))]
    fn of(_: &Path) -> Self {
        Self(None)
    }
}

/// A file that a store uses.
pub(super) struct SqliteFile {
    path: PathBuf,
}

impl SqliteFile {
    pub(super) fn new(path: PathBuf) -> Self {
        *users().entry(path.clone()).or_default() += 1;
        Self { path }
    }

    /// Does the work on a connection's own thread. It may be begun again where a fork got in between.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl Fn(&mut Connection) -> Result<T, StoreFailure> + Send + Sync + 'static,
    ) -> Result<T, StoreFailure> {
        /// One fork may close the file under a call; more at once are a thread that ends again and again.
        const TRIES: usize = 3;
        let work = Arc::new(work);
        for _ in 0..TRIES {
            let (answer, answered) = oneshot::channel();
            let work = Arc::clone(&work);
            let job: Work = Box::new(move |connection| {
                let answer = Arc::new(answer);
                let wanted = Arc::clone(&answer);
                IS_WANTED.set(Some(Box::new(move || !wanted.is_closed())));
                // Nobody waits for what has not been begun in time: it must not be done later.
                let outcome = (!answer.is_closed())
                    .then(|| connection.and_then(|connection| work(connection)));
                IS_WANTED.set(None);
                // What gave up a lock for a fork is as good as not begun.
                let is_told =
                    outcome.as_ref().is_none_or(Result::is_ok) || !FORKING.load(Ordering::SeqCst);
                if let (true, Some(outcome), Some(answer)) =
                    (is_told, outcome, Arc::into_inner(answer))
                {
                    let _ = answer.send(outcome);
                }
            });
            let jobs = files().jobs(&self.path, lane)?;
            if jobs.send(Job::Do(job)).is_err() {
                continue;
            }
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
        Err(StoreFailure::new("work on the file broke off"))
    }

    /// Closes the file, unless another store uses it.
    pub(super) async fn let_go(&self) {
        let open = {
            let mut files = files();
            let is_shared = users().get(&self.path).is_some_and(|users| *users > 1);
            let is_own = files.process == std::process::id();
            if is_shared || !is_own {
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
        let mut users = users();
        let left = users.get_mut(&self.path).map(|count| {
            *count -= 1;
            *count
        });
        if left != Some(0) {
            return;
        }
        users.remove(&self.path);
        drop(users);
        // What is being done with it is done; in a forked child there is nobody to do it. During a fork it is closed already.
        if let Ok(mut files) = FILES.try_lock()
            && files.process == std::process::id()
        {
            files.open.remove(&self.path);
        }
    }
}

/// The failure in words. What SQLite says may hold values of a row or the path, which may be a person's name: its code is told.
pub(super) fn failure(error: &rusqlite::Error) -> StoreFailure {
    use rusqlite::ErrorCode;
    let rusqlite::Error::SqliteFailure(error, _) = error else {
        return StoreFailure::new("the file is not what this version of the SDK can read");
    };
    let what = match error.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => format!(
            "another process held a lock on the file for {} seconds",
            PATIENCE.as_secs()
        ),
        ErrorCode::DiskFull => "the disk is full".to_owned(),
        ErrorCode::ReadOnly => "the file may not be written to".to_owned(),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            "the file cannot be opened".to_owned()
        }
        ErrorCode::NotADatabase => "the file is no database of SQLite's".to_owned(),
        ErrorCode::DatabaseCorrupt => "the file is damaged".to_owned(),
        ErrorCode::SystemIoFailure => "the disk reports an error".to_owned(),
        _ => "the file cannot be used".to_owned(),
    };
    StoreFailure::new(format!("{what} (SQLite's code {})", error.extended_code))
}
