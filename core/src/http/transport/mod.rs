//! The seam to the network: what is sent, what comes back, and nothing of signing, retrying or the platform.

mod awaited;
mod connecting;
mod connector;
mod diagnosis;
mod exchange;
mod failure;
mod host;
mod http_transport;
mod lasting;
mod network;
mod outgoing;
mod proxies;
mod shared_clients;

use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};

pub use exchange::{BrokenOff, Exchange, RequestBody};
pub use failure::{NetworkCause, Phase, Sent, TransportFailure};
pub use host::HostTransport;
pub use http_transport::HttpTransport;
pub use network::{ClientCertificate, Network};
pub use proxies::Proxy;

use crate::world::Clock;

/// Who sends, as servers and proxies are told.
const USER_AGENT: &str = concat!("digime-sdk/", env!("CARGO_PKG_VERSION"));

/// Sends HTTP requests. It follows no redirect, retries nothing, and treats every status as a response. Of the time-outs it keeps the one
/// for connecting; whoever sends keeps all others. A request with [`FreshConnection`] among its extensions goes over a connection of its own.
pub trait Transport: Send + Sync {
    /// Sends one request, with so much time to connect; the response's body is read as a stream.
    fn send(
        &self,
        request: http::Request<Body>,
        connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>>;

    /// Whether what it takes of a body leaves with that. Of one that reads ahead of its connection nobody knows how much it has sent.
    fn sends_what_it_takes(&self) -> bool {
        true
    }

    /// Lets go of connections that nothing uses. Requests are answered afterwards, too: by new ones.
    fn close(&self) {}
}

/// Marks a request that must not go over a connection which was idle: the server may be closing it.
#[derive(Debug, Clone, Copy)]
pub struct FreshConnection;

/// Marks a request whose body is to be asked for when it is about to leave, and not before: what it spends is good once, and its first chunk
/// is an error where that is too late.
#[derive(Debug, Clone, Copy)]
pub struct LeavesInTime;

/// After how much silence a request is given up, for a transport that cannot be interrupted when it is.
#[derive(Debug, Clone, Copy)]
pub struct Idle(pub Duration);

/// Whose time a request is sent in.
#[derive(Clone)]
pub(crate) struct OnClock(pub Arc<dyn Clock>);

/// The body of a request.
pub enum Body {
    /// None.
    Empty,
    /// One that is read while it is sent.
    Stream {
        /// How long it is, if that is known.
        length: Option<u64>,
        /// Its chunks. After an error nothing more is to be sent, and the connection not to be used again.
        chunks: BoxStream<'static, Result<Bytes, std::io::Error>>,
    },
}

impl Body {
    /// Whether there is not a byte of it.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Stream { length, .. } => *length == Some(0),
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Stream {
            length: Some(bytes.len() as u64),
            chunks: stream::once(ready(Ok(bytes))).boxed(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Stream { length, .. } => write!(f, "Stream({length:?})"),
        }
    }
}

/// The body of a response, as it comes.
pub type ResponseBody = BoxStream<'static, Result<Bytes, TransportFailure>>;
