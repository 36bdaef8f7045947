//! The HTTP clients of a process, and with them its connections: shared by all who send in one runtime.

use std::ffi::OsString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::runtime::{Handle, Id};

use super::http_transport::client;

/// How many runtimes have clients that are kept for whoever comes next. A process has one, most often.
const RUNTIMES_KEPT: usize = 4;

/// How often a lock is tried. In a forked child it may be held by a thread that is not there.
const TRIES: u32 = 1000;

pub(super) struct Clients {
    pub pooled: reqwest::Client,
    /// Makes a connection for each request.
    pub fresh: reqwest::Client,
}

struct Entry {
    owner: Owner,
    environment: Arc<Environment>,
    clients: Arc<Clients>,
}

/// Whose connections they are: those of one runtime stand still when that is not driven, and a forked child must not write to its parent's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    process: u32,
    /// None where nothing was sent by them yet.
    runtime: Option<Id>,
}

impl Owner {
    pub(super) fn current() -> Self {
        Self {
            process: std::process::id(),
            runtime: Handle::try_current().ok().map(|runtime| runtime.id()),
        }
    }
}

/// What a client reads of the environment when it is made: proxies and certificates.
#[derive(PartialEq, Eq)]
pub(super) struct Environment(Vec<Option<OsString>>);

impl Environment {
    pub(super) fn current() -> Arc<Self> {
        let values = VARIABLES.iter().map(std::env::var_os);
        Arc::new(Self(values.collect()))
    }
}

const VARIABLES: [&str; 11] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

static SHARED: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// Clients for whoever sends there, in this environment.
pub(super) fn clients_of(
    owner: Owner,
    environment: &Arc<Environment>,
) -> Result<Arc<Clients>, reqwest::Error> {
    if let Some(clients) = shared().and_then(|mut shared| find(&mut shared, owner, environment)) {
        return Ok(clients);
    }
    let clients = Arc::new(Clients {
        pooled: client(usize::MAX)?,
        fresh: client(0)?,
    });
    let Some(mut shared) = shared() else {
        return Ok(clients);
    };
    // Another may have been faster.
    if let Some(clients) = find(&mut shared, owner, environment) {
        return Ok(clients);
    }
    if shared.len() >= RUNTIMES_KEPT {
        shared.remove(0);
    }
    shared.push(Entry {
        owner,
        environment: Arc::clone(environment),
        clients: Arc::clone(&clients),
    });
    Ok(clients)
}

/// Lets go of clients that nobody sends by, and so of their connections.
pub(super) fn forget_unused() {
    if let Some(mut shared) = shared() {
        shared.retain(|entry| Arc::strong_count(&entry.clients) > 1);
    }
}

fn shared() -> Option<MutexGuard<'static, Vec<Entry>>> {
    (0..TRIES).find_map(|_| match SHARED.try_lock() {
        Ok(shared) => Some(shared),
        Err(TryLockError::Poisoned(shared)) => Some(PoisonError::into_inner(shared)),
        Err(TryLockError::WouldBlock) => {
            std::thread::yield_now();
            None
        }
    })
}

/// Those of this runtime, or else those that nothing was sent by yet.
fn find(shared: &mut Vec<Entry>, owner: Owner, environment: &Environment) -> Option<Arc<Clients>> {
    let (own, parents) = std::mem::take(shared)
        .into_iter()
        .partition(|entry| entry.owner.process == owner.process);
    *shared = own;
    // Not even dropped: that would wake tasks of threads that are not there.
    std::mem::forget::<Vec<Entry>>(parents);
    let fits = |entry: &Entry| *entry.environment == *environment;
    if owner.runtime.is_none() {
        // Outside a runtime nothing is sent: that there are any is enough.
        let any = shared.iter().find(|entry| fits(entry))?;
        return Some(Arc::clone(&any.clients));
    }
    let of = |wanted: Owner| {
        let mut entries = shared.iter();
        entries.position(|entry| fits(entry) && entry.owner == wanted)
    };
    let unused = Owner {
        runtime: None,
        ..owner
    };
    let found = of(owner).or_else(|| of(unused))?;
    let found = &mut shared[found];
    found.owner = owner;
    Some(Arc::clone(&found.clients))
}
