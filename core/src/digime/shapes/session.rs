//! A reading session.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;

use crate::{Described, Document, Secret};

/// A session in which the user's data is fetched and can be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct Session {
    /// What the session is read with.
    pub key: Secret<String>,
    /// When it ends, in milliseconds since 1970.
    pub expiry: i64,
}

/// A session that an answer may have left out: an empty object then, as in the JavaScript SDK.
#[expect(clippy::ref_option, reason = "serde hands it over so")]
pub(in crate::digime) fn or_empty<S: Serializer>(
    session: &Option<Described<Session>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match session {
        Some(session) => session.serialize(serializer),
        None => Document::from(json!({})).serialize(serializer),
    }
}
