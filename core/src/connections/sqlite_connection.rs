//! A connection to a database file, on a thread of its own: how it is opened, waits for locks, and notices that the file is another one now.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
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

pub(super) enum Job {
    Do(Work),
    /// Ends the thread, and with it the connection. What waits behind it is not done.
    Close,
}

/// Whether files are being closed for a fork: what waits for a lock then gives up, and is begun again afterwards.
static FORKING: AtomicBool = AtomicBool::new(false);

/// Closes files, and lets what waits for a lock on one give up meanwhile.
pub(super) fn giving_up_locks(close: impl FnOnce()) {
    FORKING.store(true, Ordering::SeqCst);
    close();
    FORKING.store(false, Ordering::SeqCst);
}

impl Job {
    /// Work, and where its outcome is told. What nobody waits for any more is not begun, and nothing is told of what gave up a lock: it is
    /// as good as not begun.
    pub(super) fn of<T: Send + 'static>(
        work: Arc<impl Fn(&mut Connection) -> Result<T, StoreFailure> + Send + Sync + 'static>,
    ) -> (Self, oneshot::Receiver<Result<T, StoreFailure>>) {
        let (answer, answered) = oneshot::channel();
        let job: Work = Box::new(move |connection| {
            let answer = Arc::new(answer);
            let wanted = Arc::clone(&answer);
            IS_WANTED.set(Some(Box::new(move || !wanted.is_closed())));
            // Nobody waits for what has not been begun in time: it must not be done later.
            let outcome =
                (!answer.is_closed()).then(|| connection.and_then(|connection| work(connection)));
            IS_WANTED.set(None);
            // What gave up a lock for a fork is as good as not begun.
            let is_told =
                outcome.as_ref().is_none_or(Result::is_ok) || !FORKING.load(Ordering::SeqCst);
            if let (true, Some(outcome), Some(answer)) = (is_told, outcome, Arc::into_inner(answer))
            {
                let _ = answer.send(outcome);
            }
        });
        (Self::Do(job), answered)
    }
}

/// The thread of a connection.
pub(super) struct Connected {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<()>,
}

impl Connected {
    /// Opens the file when there is something to do, if it is still the one that it was.
    pub(super) fn new(path: &Path, identity: Identity) -> Result<Self, StoreFailure> {
        let (jobs, queue) = mpsc::channel();
        let path = path.to_owned();
        let thread =
            world::own_thread(move || serve(&path, identity, &queue)).map_err(|error| {
                StoreFailure::new(format!("no thread can be had for it ({})", error.kind()))
            })?;
        Ok(Self { jobs, thread })
    }

    /// Where it is told what to do.
    pub(super) fn jobs(&self) -> mpsc::Sender<Job> {
        self.jobs.clone()
    }

    /// Whether it has ended before it was told to.
    pub(super) fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// Ends it, when what is being done is done.
    pub(super) fn close(self) {
        // A thread that has ended already hears nothing, and has left nothing to close.
        let _ = self.jobs.send(Job::Close);
        let _ = self.thread.join();
    }
}

fn serve(path: &Path, identity: Identity, queue: &mpsc::Receiver<Job>) {
    let mut connection = None;
    while let Ok(Job::Do(work)) = queue.recv() {
        if FORKING.load(Ordering::SeqCst) {
            break;
        }
        if Identity::of(path) != identity {
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
pub(super) struct Identity(Option<(u64, u64)>);

impl Identity {
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok();
        Self(metadata.map(|metadata| (metadata.dev(), metadata.ino())))
    }

    /// A file that is in use is not removed there.
    #[cfg(not(unix))]
    pub(super) fn of(_: &Path) -> Self {
        Self(None)
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
