//! What an application is told of its connections without asking: each change, once the store has it.

use serde::Serialize;

use super::Tokens;
use crate::connections::LinkRecord;

/// What has become of a connection. The store has it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum ConnectionChange {
    /// The person has consented, for the first time or again.
    Connected,
    /// The person has consented, and the user is connected to another library or record than before.
    Replaced,
    /// Its tokens have been replaced.
    Refreshed,
    /// The answer to a refresh was lost, so that its refresh token may be spent. The next call finds out.
    Uncertain,
    /// Its tokens have been replaced, after it was `uncertain`: nothing was lost.
    Recovered,
    /// The platform says that it is over: ask the person to consent again.
    Expired,
    /// It has been removed.
    Disconnected,
}

/// What the application may be told of a connection.
pub(crate) enum Told<'a> {
    /// It has been made; in place of one with another public id, if it was `replaced`.
    Made {
        record: &'a LinkRecord,
        replaced: bool,
    },
    /// It has new tokens; after a refresh of which nobody knew how it had ended, if it has `recovered`.
    Refreshed {
        record: &'a LinkRecord,
        tokens: &'a Tokens,
        recovered: bool,
    },
    /// Its refresh token may be spent.
    Uncertain(&'a LinkRecord),
    /// The platform says that it is over.
    Expired(&'a LinkRecord),
    /// It stands no more; so it stood.
    Removed(&'a LinkRecord),
}

impl<'a> Told<'a> {
    /// What has become of it.
    pub(crate) fn change(&self) -> ConnectionChange {
        match self {
            Self::Made { replaced: true, .. } => ConnectionChange::Replaced,
            Self::Made { .. } => ConnectionChange::Connected,
            Self::Refreshed {
                recovered: true, ..
            } => ConnectionChange::Recovered,
            Self::Refreshed { .. } => ConnectionChange::Refreshed,
            Self::Uncertain(_) => ConnectionChange::Uncertain,
            Self::Expired(_) => ConnectionChange::Expired,
            Self::Removed(_) => ConnectionChange::Disconnected,
        }
    }

    /// How it stands now; of one that was removed, how it stood.
    pub(crate) fn record(&self) -> &'a LinkRecord {
        match self {
            Self::Made { record, .. }
            | Self::Refreshed { record, .. }
            | Self::Uncertain(record)
            | Self::Expired(record)
            | Self::Removed(record) => record,
        }
    }
}
