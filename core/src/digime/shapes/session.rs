//! A reading session.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Secret;

/// A session in which the user's data is fetched and can be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Session {
    /// What the session is read with.
    pub key: Secret<String>,
    /// When it ends, in milliseconds since 1970.
    pub expiry: i64,
}
