//! How much each event matters, as logs of all languages have it.

use serde::Serialize;

use super::event::{Event, LeaseEvent};

/// How much an event matters: what happens all the time, what is worth a line, what somebody should look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "their names say it")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum EventLevel {
    #[default]
    Debug,
    Info,
    Warning,
}

impl Event {
    /// How much it matters. A call that fails is no warning: its caller has the error.
    #[must_use]
    pub fn level(&self) -> EventLevel {
        match self {
            Self::Wait { .. }
            | Self::LongHeader { .. }
            | Self::Refresh {
                succeeded: Some(false),
                ..
            }
            | Self::Lease(LeaseEvent::TakenOver | LeaseEvent::Spent)
            | Self::LinkUncertain
            | Self::Notice { .. } => EventLevel::Warning,
            Self::Refresh {
                succeeded: Some(true),
                ..
            }
            | Self::TokenStored => EventLevel::Info,
            Self::CallStarted
            | Self::CallEnded { .. }
            | Self::Request { .. }
            | Self::Sent { .. }
            | Self::Attempt { .. }
            | Self::Refresh {
                succeeded: None, ..
            }
            | Self::KeySet { .. }
            | Self::Lease(LeaseEvent::Taken | LeaseEvent::Watched | LeaseEvent::Released)
            | Self::File { .. }
            | Self::Poll { .. } => EventLevel::Debug,
        }
    }
}
