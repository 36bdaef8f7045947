//! What an application is told of a connection without asking.

use serde::Serialize;

use super::Connection;

/// What has become of a connection. The store has it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum ConnectionChange {
    /// The person has consented, for the first time or again.
    Connected,
    /// Its tokens have been replaced.
    Refreshed,
    /// The platform says that it is over: ask the person to consent again.
    Expired,
    /// It has been removed.
    Disconnected,
}

/// A change of a connection.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ConnectionEvent {
    /// What has become of it.
    pub change: ConnectionChange,
    /// How it stands now; of one that was removed, how it stood.
    pub connection: Connection,
}
