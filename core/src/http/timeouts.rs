//! The time-outs that an application sets, beside those that stand where it sets none.

use std::time::Duration;

use serde::Deserialize;

/// For a connection.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_mins(1);
const CALL: Duration = Duration::from_mins(2);

/// How long to wait, in milliseconds; 0 is at once, except for `call`. A time-out is a `TimeoutError` that says which, and how much of the request had been sent. None ever
/// ends a refresh of tokens that was sent: that goes on, and is handed to whoever asks next.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct TimeoutOptions {
    /// For a connection. Default 10,000.
    pub connect: Option<u64>,
    /// For the next bytes of an answer, of which the head comes as one piece, or for the server to take the next bytes of a request; how long
    /// a stream of the application's own takes to give the next bytes counts in the others alone. An answer that brings tokens has half a
    /// second more. Default 60,000.
    pub idle: Option<u64>,
    /// For one attempt at a request, from its first byte to the last of its answer, also where that is read as a stream. Default: as long
    /// as bytes keep coming.
    pub total: Option<u64>,
    /// For the whole call: its attempts, the pauses between them, and waiting for a refresh or a store. Of a call that makes one request after
    /// another as it goes on, `readAllFiles` and `fhirSearch`, each has as long. Default 120,000, and none where the content of a file is
    /// sent or read; 0 for none.
    pub call: Option<u64>,
}

/// How long to wait, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte.
    pub idle: Duration,
    /// For one attempt; none waits as long as bytes keep coming.
    pub total: Option<Duration>,
    /// For the whole call.
    pub call: CallTimeout,
}

/// How long a whole call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallTimeout {
    /// As long as it stands here, where nothing streams.
    Default,
    /// As the application says, whatever streams.
    Set(Duration),
    /// As long as it takes.
    None,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: CONNECT,
            idle: IDLE,
            total: None,
            call: CallTimeout::Default,
        }
    }
}

impl Timeouts {
    /// How long a call may take that streams or does not.
    pub(crate) fn call(&self, streams: bool) -> Option<Duration> {
        match self.call {
            CallTimeout::Default if streams => None,
            CallTimeout::Default => Some(CALL),
            CallTimeout::Set(duration) => Some(duration),
            CallTimeout::None => None,
        }
    }
}

impl TimeoutOptions {
    /// These, and where one is left out that of `base`.
    pub(crate) fn over(&self, base: Timeouts) -> Timeouts {
        let duration = |milliseconds: Option<u64>| milliseconds.map(Duration::from_millis);
        Timeouts {
            connect: duration(self.connect).unwrap_or(base.connect),
            idle: duration(self.idle).unwrap_or(base.idle),
            total: duration(self.total).or(base.total),
            call: match self.call {
                Some(0) => CallTimeout::None,
                Some(milliseconds) => CallTimeout::Set(Duration::from_millis(milliseconds)),
                None => base.call,
            },
        }
    }
}
