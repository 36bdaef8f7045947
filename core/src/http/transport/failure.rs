//! Why no answer came, and how much of the request was sent all the same: facts, from which names and decisions are derived.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// How much of a request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(inline))]
pub enum Sent {
    /// Nothing, for certain: there was no connection.
    Nothing,
    /// Perhaps some of it, perhaps all: the server may have acted on it.
    Maybe,
    /// All of it was handed to the network: the server has most likely acted on it.
    Whole,
}

/// Which time-out it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// For a connection.
    Connect,
    /// For the next byte.
    Idle,
    /// For one attempt.
    Total,
    /// For the whole call.
    Call,
}

impl Phase {
    /// Its name in `timeouts`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Idle => "idle",
            Self::Total => "total",
            Self::Call => "call",
        }
    }
}

/// What the network reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkCause {
    /// Nobody listens there.
    ConnectionRefused,
    /// The connection was closed by the other side, or broke off in the midst of an answer.
    ConnectionReset,
    /// The other side reads no more.
    BrokenPipe,
    /// The operating system gave the connection up.
    TimedOut,
    /// There is no local address left.
    AddressInUse,
    /// There is no way there.
    NetworkUnreachable,
    /// The host's name cannot be resolved.
    NotFound,
    /// The server's certificate has expired.
    CertificateExpired,
    /// The server's certificate is another host's.
    CertificateName,
    /// The server's certificate is nobody's that this machine trusts, or is refused for another reason.
    CertificateUntrusted,
    /// The other side does not keep to the protocol, or refuses it: TLS, or a proxy.
    Protocol,
    /// The server says that it has not looked at the request: it is busy, or leaving.
    Unprocessed,
    /// The answer is longer than is read.
    TooLong,
    /// The SDK itself held it back, since the time in which it might be sent was over.
    Withheld,
    /// Whatever else.
    Unknown,
}

impl NetworkCause {
    /// As Node names it, which `retryOptions.errorCodes` lists.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConnectionRefused => "ECONNREFUSED",
            Self::ConnectionReset | Self::Unprocessed => "ECONNRESET",
            Self::BrokenPipe => "EPIPE",
            Self::TimedOut => "ETIMEDOUT",
            Self::AddressInUse => "EADDRINUSE",
            Self::NetworkUnreachable => "ENETUNREACH",
            Self::NotFound => "ENOTFOUND",
            Self::CertificateExpired => "CERT_HAS_EXPIRED",
            Self::CertificateName => "ERR_TLS_CERT_ALTNAME_INVALID",
            Self::CertificateUntrusted => "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            Self::Protocol => "EPROTO",
            Self::TooLong => "EMSGSIZE",
            Self::Withheld => "ECANCELED",
            Self::Unknown => "EUNKNOWN",
        }
    }
}

impl NetworkCause {
    /// What Node names so, and a network reports: that a request was withheld, only the SDK itself knows.
    pub(super) fn named(code: &str) -> Self {
        const NAMED: [NetworkCause; 11] = [
            NetworkCause::ConnectionRefused,
            NetworkCause::ConnectionReset,
            NetworkCause::BrokenPipe,
            NetworkCause::TimedOut,
            NetworkCause::AddressInUse,
            NetworkCause::NetworkUnreachable,
            NetworkCause::NotFound,
            NetworkCause::CertificateExpired,
            NetworkCause::CertificateName,
            NetworkCause::CertificateUntrusted,
            NetworkCause::Protocol,
        ];
        let mut named = NAMED.into_iter();
        named
            .find(|cause| cause.as_str() == code)
            .unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for NetworkCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why no answer came, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportFailure {
    /// It took too long.
    Timeout {
        /// What took too long.
        phase: Phase,
        /// The time-out as it is set.
        after: Duration,
        /// How much of the request was sent.
        sent: Sent,
    },
    /// The network failed.
    Network {
        /// What it reported.
        cause: NetworkCause,
        /// What happened, in words.
        message: String,
        /// How much of the request was sent.
        sent: Sent,
    },
}

impl TransportFailure {
    /// How much of the request was sent.
    #[must_use]
    pub fn sent(&self) -> Sent {
        match self {
            Self::Timeout { sent, .. } | Self::Network { sent, .. } => *sent,
        }
    }

    /// What happened, as Node names it.
    #[must_use]
    pub fn node_name(&self) -> &'static str {
        match self {
            Self::Timeout { .. } => NetworkCause::TimedOut.as_str(),
            Self::Network { cause, .. } => cause.as_str(),
        }
    }

    /// The same, where more is known of how much was sent. That nothing was is certain already.
    pub(crate) fn having_sent(self, known: Sent) -> Self {
        match self.sent() {
            Sent::Nothing => self,
            _ => self.with_sent(known),
        }
    }

    /// The same with another word on how much was sent.
    pub(crate) fn with_sent(mut self, known: Sent) -> Self {
        let (Self::Timeout { sent, .. } | Self::Network { sent, .. }) = &mut self;
        *sent = known;
        self
    }
}
