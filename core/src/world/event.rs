//! What the SDK does, as typed events: which request, which file, how long; never a token, a key, or what is about a person.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tracing::Instrument;

use super::{World, trace_events};
use crate::Error;
use crate::http::transport::Sent;

/// Is told what the SDK does, on whichever thread does it. It must not wait.
pub trait Observer: Send + Sync {
    /// Is told of one event.
    fn observe(&self, event: &Event);

    /// Is told of one event, and of when and for which call it happened.
    fn observe_within(&self, event: &Event, _context: &EventContext) {
        self.observe(event);
    }
}

/// When an event happened, and for which call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventContext {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The call that it is part of; none where it is of none.
    pub call: Option<CallContext>,
}

/// A call under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallContext {
    /// Its number in this process.
    pub id: u64,
    /// Its name, as the JavaScript SDK has it.
    pub name: &'static str,
}

/// One thing that the SDK does. A `request` is its method and the pattern of its path, and an `id` is a request's number in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A call begins.
    CallStarted,
    /// A call has ended.
    CallEnded {
        /// How long it took.
        duration: Duration,
        /// The code of its error, where it failed; `cancelled` where nobody waited for it any more.
        error: Option<&'static str>,
    },
    /// A request begins, which may take several attempts.
    Request {
        /// The request.
        request: String,
        /// Its number.
        id: u64,
    },
    /// An attempt at a request is handed to the network.
    Sent {
        /// The request.
        request: String,
        /// Its number.
        id: u64,
        /// Which attempt, from 1 on.
        number: u32,
        /// The server that it is for, by its name or address.
        server: String,
        /// The server's port.
        port: u16,
    },
    /// An attempt at a request has ended.
    Attempt {
        /// The request.
        request: String,
        /// Its number.
        id: u64,
        /// Which attempt, from 1 on.
        number: u32,
        /// How long it took.
        duration: Duration,
        /// The HTTP status, where an answer came.
        status: Option<u16>,
        /// What the network reported, where none came: `ECONNRESET`; `cancelled` where nobody waited for it any more.
        failure: Option<&'static str>,
        /// How much of the request was sent, where none came.
        sent: Option<Sent>,
    },
    /// A header of a request is longer than most gateways let through (8 KB), and so the request may be refused on its way: of `pushData`, the
    /// `fileDescriptor`.
    LongHeader {
        /// The request.
        request: String,
        /// The header.
        header: &'static str,
        /// How many bytes its value has.
        bytes: usize,
    },
    /// A pause before the next attempt.
    Wait {
        /// The request.
        request: String,
        /// Its number.
        id: u64,
        /// Which attempt has failed.
        number: u32,
        /// The HTTP status or the network's error for which it is repeated.
        reason: String,
        /// How long.
        pause: Duration,
    },
    /// Tokens are refreshed, by the call of this event, for all that need them.
    Refresh {
        /// Whether new ones came; none at its begin.
        succeeded: Option<bool>,
        /// How long that took; nothing at its begin.
        duration: Duration,
    },
    /// New tokens are stored: in the store of links, or by the application's function, which was told of them.
    TokenStored,
    /// The platform's key set was fetched.
    KeySet {
        /// How many keys it has that can be used.
        keys: usize,
    },
    /// Something happens to the lease under which a connection is refreshed.
    Lease(LeaseEvent),
    /// Nobody knows what has become of a link's refresh token: it may be spent. The next call that needs it tells.
    LinkUncertain,
    /// A file of a session was read, or could not be.
    File {
        /// How many bytes its content has.
        bytes: u64,
        /// Whether it was read.
        succeeded: bool,
    },
    /// The list of a session's files is asked for, once more.
    Poll {
        /// How often by now.
        number: u32,
    },
    /// The platform has something to say about this version of the SDK: that it is to be replaced, for one.
    Notice {
        /// Its `x-digi-sdk-status`.
        status: Option<String>,
        /// Its `x-digi-sdk-status-message`.
        message: Option<String>,
    },
}

/// What happens to a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaseEvent {
    /// It was taken.
    Taken,
    /// Too much of it had gone before it could be used, so nothing was sent under it.
    Spent,
    /// That of another is watched.
    Watched,
    /// That of another was left behind, and is taken over.
    TakenOver,
    /// It was given back.
    Released,
}

tokio::task_local! {
    static CALL: CallContext;
}

static LAST_ID: AtomicU64 = AtomicU64::new(0);

/// A number that nothing else in this process has.
pub(crate) fn next_id() -> u64 {
    LAST_ID.fetch_add(1, Ordering::Relaxed) + 1
}

/// The call in which this is asked.
pub(crate) fn this_call() -> Option<CallContext> {
    CALL.try_with(|call| *call).ok()
}

/// Work that is part of the call in which this is asked, wherever it goes on.
pub(crate) fn in_this_call<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let call = this_call();
    async move {
        match call {
            Some(call) => CALL.scope(call, work).await,
            None => work.await,
        }
    }
    .in_current_span()
}

impl World {
    /// Tells whoever looks on. What that does is no matter of the call's.
    pub(crate) fn observe(&self, event: impl FnOnce() -> Event) {
        let traced = trace_events::is_listened_to();
        if self.observer.is_none() && !traced {
            return;
        }
        let context = EventContext {
            at: self.now_ms(),
            call: this_call(),
        };
        let event = event();
        let _ = catch_unwind(AssertUnwindSafe(|| {
            if traced {
                trace_events::tell(&event, &context);
            }
            if let Some(observer) = &self.observer {
                observer.observe_within(&event, &context);
            }
        }));
    }

    /// Makes a call of this name, of which and of whose parts is told.
    pub(crate) async fn observing_call<T>(
        &self,
        name: &'static str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let is_seen = self.observer.is_some() || trace_events::is_listened_to();
        if !is_seen {
            return work.await;
        }
        let call = CallContext {
            id: next_id(),
            name,
        };
        CALL.scope(call, async {
            self.observe(|| Event::CallStarted);
            let mut ending = Ending {
                world: self,
                begun: self.moment(),
                error: Some("cancelled"),
            };
            let outcome = work.await;
            ending.error = outcome.as_ref().err().map(Error::code);
            outcome
        })
        .instrument(trace_events::span_of(call))
        .await
    }

    /// The same world, in which this one looks on too.
    pub(crate) fn observed_by(mut self, hook: Option<Arc<dyn Observer>>) -> Self {
        self.observer = match (self.observer, hook) {
            (Some(first), Some(second)) => Some(Arc::new(Both(first, second))),
            (first, second) => first.or(second),
        };
        self
    }
}

/// The end of a call, however it comes.
struct Ending<'a> {
    world: &'a World,
    begun: super::Moment,
    error: Option<&'static str>,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.world.observe(|| Event::CallEnded {
            duration: self.begun.steadily(&*self.world.clock),
            error: self.error,
        });
    }
}

struct Both(Arc<dyn Observer>, Arc<dyn Observer>);

impl Observer for Both {
    fn observe(&self, event: &Event) {
        self.0.observe(event);
        self.1.observe(event);
    }

    fn observe_within(&self, event: &Event, context: &EventContext) {
        self.0.observe_within(event, context);
        self.1.observe_within(event, context);
    }
}
