//! The HTTP clients of a process, and with them its connections: shared by all who send in one runtime.

use std::env;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::{Handle, Id};

use super::connector::{Connector, connector};
use super::network::Network;
use super::outgoing::Outgoing;
use super::proxies::{self, Proxies};
use crate::binding::Dialect;
use crate::{Error, trust};

/// How long a connection is kept that nobody uses. Balancers close them after a minute, some servers after a few seconds, and what is sent in
/// that moment is lost.
const IDLE: Duration = Duration::from_secs(15);

/// After how much silence an HTTP/2 server is asked whether it is still there, and how long it has to say so. Together they are shorter than
/// the silence that a call bears, so that a connection that is dead is not used by the next.
const PING_AFTER: Duration = Duration::from_secs(20);
const PONG_WITHIN: Duration = Duration::from_secs(20);

/// How many bytes of an answer an HTTP/2 server may send ahead of who reads them, of one and of all on a connection. A server that is 50 ms away
/// sends no more than these in that time.
const AHEAD: u32 = 8 * 1024 * 1024;
const AHEAD_OF_ALL: u32 = 16 * 1024 * 1024;

/// How many runtimes have clients that are kept for whoever comes next. A process has one, most often.
const RUNTIMES_KEPT: usize = 4;

/// How often a lock is tried. In a forked child it may be held by a thread that is not there.
const TRIES: u32 = 1000;

pub(super) struct Clients {
    pub pooled: Client<Connector, Outgoing>,
    /// Makes a connection for each request.
    pub fresh: Client<Connector, Outgoing>,
    pub proxies: Arc<Proxies>,
}

impl Clients {
    fn new(way: &Way) -> Result<Self, Error> {
        let Way { network, host, .. } = way;
        let mut tls = network.tls(*host)?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let proxies = Arc::new(Proxies::of(network.proxy.as_ref())?);
        let connector = connector(&Arc::new(tls), Arc::clone(&proxies));
        let client = |idle_connections| {
            Client::builder(TokioExecutor::new())
                .timer(TokioTimer::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .pool_max_idle_per_host(idle_connections)
                .http2_initial_stream_window_size(AHEAD)
                .http2_initial_connection_window_size(AHEAD_OF_ALL)
                .http2_keep_alive_interval(PING_AFTER)
                .http2_keep_alive_timeout(PONG_WITHIN)
                .build(connector.clone())
        };
        Ok(Self {
            pooled: client(usize::MAX),
            fresh: client(0),
            proxies,
        })
    }
}

struct Entry {
    owner: Owner,
    way: Arc<Way>,
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

/// What decides how a client sends: the configuration, and what is read of the environment when it is made.
#[derive(PartialEq, Eq)]
pub(super) struct Way {
    network: Network,
    host: Option<Dialect>,
    environment: Vec<Option<OsString>>,
}

impl Way {
    pub(super) fn of(network: Network, host: Option<Dialect>) -> Self {
        let variables = proxies::VARIABLES.into_iter().chain(trust::variables());
        Self {
            network,
            host,
            environment: variables.map(env::var_os).collect(),
        }
    }
}

static SHARED: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// Clients for whoever sends there, in this way.
pub(super) fn clients_of(owner: Owner, way: &Arc<Way>) -> Result<Arc<Clients>, Error> {
    if let Some(clients) = shared().and_then(|mut shared| find(&mut shared, owner, way)) {
        return Ok(clients);
    }
    let clients = Arc::new(Clients::new(way)?);
    let Some(mut shared) = shared() else {
        return Ok(clients);
    };
    // Another may have been faster.
    if let Some(clients) = find(&mut shared, owner, way) {
        return Ok(clients);
    }
    if shared.len() >= RUNTIMES_KEPT {
        shared.remove(0);
    }
    shared.push(Entry {
        owner,
        way: Arc::clone(way),
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
fn find(shared: &mut Vec<Entry>, owner: Owner, way: &Way) -> Option<Arc<Clients>> {
    let (own, parents) = std::mem::take(shared)
        .into_iter()
        .partition(|entry| entry.owner.process == owner.process);
    *shared = own;
    // Not even dropped: that would wake tasks of threads that are not there.
    std::mem::forget::<Vec<Entry>>(parents);
    let fits = |entry: &Entry| *entry.way == *way;
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
