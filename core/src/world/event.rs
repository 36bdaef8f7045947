//! What the SDK does, as typed events: which request, which file, how long; never a token, a key, an address or what is about a person.

use std::time::Duration;

use crate::http::transport::Sent;

/// Is told what the SDK does, on whichever thread does it. It must not wait.
pub trait Observer: Send + Sync {
    /// Is told of one event.
    fn observe(&self, event: &Event);
}

/// One thing that the SDK does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A request begins, which may take several attempts. `request` is its method and the pattern of its path.
    Request {
        /// The request.
        request: String,
    },
    /// An attempt at a request has ended.
    Attempt {
        /// The request.
        request: String,
        /// Which attempt, from 1 on.
        number: u32,
        /// The HTTP status, where an answer came.
        status: Option<u16>,
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
        /// How long.
        pause: Duration,
    },
    /// Tokens are refreshed.
    Refresh {
        /// Whether new ones came; none at its begin.
        succeeded: Option<bool>,
    },
    /// Something happens to the lease under which a connection is refreshed.
    Lease(LeaseEvent),
    /// A file of a session was read, or could not be.
    File {
        /// How many bytes its content has.
        bytes: u64,
        /// Whether it was read.
        succeeded: bool,
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
