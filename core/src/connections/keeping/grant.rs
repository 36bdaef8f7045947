//! What tokens are had for, in what time, and why none came.

use std::time::Duration;

use crate::connections::too_slow;
use crate::error::ErrorKind;
use crate::http::transport::{NetworkCause, Sent};
use crate::http::{Sending, Timeouts};
use crate::world::Moment;
use crate::{Error, Secret, World};

/// What tokens are had for.
#[derive(Clone, Copy)]
pub(crate) enum Grant<'a> {
    /// A code that a person came back with (RFC 6749 section 4.1.3), and what it was asked for with.
    Code {
        code: &'a Secret<String>,
        redirect_uri: &'a str,
        code_verifier: Option<&'a Secret<String>>,
    },
    /// A refresh token (RFC 6749 section 6).
    Refresh(&'a Secret<String>),
}

/// Why no tokens came.
pub(crate) enum Refusal {
    /// Too much of the time was gone before it left: what it would have spent is not spent.
    Withheld,
    /// The request never left for another reason: what it would have spent is not spent.
    NotSent(Error),
    /// What it would spend cannot serve any more: the platform's code says so.
    Over(String),
    /// The platform refused for another reason, and spent nothing.
    Refused(Error),
    /// The answer was lost, or cannot be understood: what the request would spend may be spent.
    Lost(Error),
}

impl Refusal {
    /// Why a request got no answer.
    pub(crate) fn unanswered(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Transport {
                cause: NetworkCause::Withheld,
                ..
            } => Self::Withheld,
            _ if error.sent() == Some(Sent::Nothing) => Self::NotSent(error),
            _ => Self::Lost(error),
        }
    }

    /// The error of a request after which nothing can be done about it; `over` makes one of the platform's code.
    pub(crate) fn into_error(self, over: impl FnOnce(String) -> Error) -> Error {
        match self {
            Self::NotSent(error) | Self::Refused(error) | Self::Lost(error) => error,
            Self::Withheld => too_slow(),
            Self::Over(code) => over(code),
        }
    }
}

/// For how long what is spent may be spent by nobody else: from before it was taken on.
#[derive(Clone, Copy)]
pub(crate) struct InTime {
    pub begun: Moment,
    pub lasts: Duration,
}

impl InTime {
    /// By when the request must have left.
    pub(crate) fn leaves_within(self) -> Duration {
        self.lasts / 3
    }

    /// Whether too much of it has gone for anything to be sent.
    pub(crate) fn is_over(self, world: &World) -> bool {
        self.begun.at_most(&*world.clock) >= self.leaves_within()
    }

    /// Whether so much of it has gone that what is written under it may come when others have their turn.
    pub(crate) fn has_passed(self, world: &World) -> bool {
        self.left(world).is_zero()
    }

    /// What is left for the answer, less what its storing may take.
    pub(crate) fn left(self, world: &World) -> Duration {
        let gone = self.begun.at_most(&*world.clock) + self.lasts / 6;
        self.lasts.saturating_sub(gone)
    }

    /// What is sent has to be over in time; what the application sets ends its own waiting, and never what was sent.
    pub(crate) fn within(self, sending: Sending<'_>) -> Sending<'_> {
        let left = self.left(sending.world);
        Sending {
            timeouts: Timeouts {
                connect: sending.timeouts.connect.min(self.leaves_within()),
                idle: left,
                total: Some(left),
                ..sending.timeouts
            },
            call: None,
            ..sending
        }
    }
}
