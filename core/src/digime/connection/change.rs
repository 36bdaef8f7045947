//! What an application is told of a connection without asking.

use serde::Serialize;

use super::Connection;
use crate::connections::ConnectionChange;

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
