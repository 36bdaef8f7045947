//! The seam to the network: what is sent, what comes back, and nothing of signing, retrying or the platform.

mod http_transport;
mod outgoing;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

pub use http_transport::HttpTransport;

/// Sends HTTP requests. It follows no redirect, retries nothing, and treats every status as a response. Of the time-outs it keeps
/// `connect` and `idle`; `total` is kept by who sends.
pub trait Transport: Send + Sync {
    /// Sends one request; the response's body is read as a stream.
    fn send(
        &self,
        request: http::Request<Body>,
        timeouts: Timeouts,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>>;
}

/// The body of a request.
pub enum Body {
    /// None.
    Empty,
    /// One whose length is known.
    Bytes(Bytes),
    /// One that is read while it is sent.
    Stream(BoxStream<'static, Result<Bytes, std::io::Error>>),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

/// The body of a response, as it comes.
pub type ResponseBody = BoxStream<'static, Result<Bytes, TransportFailure>>;

/// Why no answer came, or no whole one.
#[derive(Debug, Clone)]
pub enum TransportFailure {
    /// It took too long.
    Timeout {
        /// `connect` or `idle`.
        phase: &'static str,
        /// The time-out as it is set.
        after: Duration,
    },
    /// The network failed.
    Network {
        /// What it reported, as Node names it.
        cause: &'static str,
        /// What happened, in words.
        message: String,
    },
}

/// How long to wait, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte of an answer.
    pub idle: Duration,
    /// For a whole call; none waits as long as bytes keep coming.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            total: None,
        }
    }
}
