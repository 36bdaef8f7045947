//! The tokens of a connection, and all else that is sealed of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Secret;

/// What the platform gives for a code or a refresh token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tokens {
    pub access_token: Secret<String>,
    /// Serves once. None where the access token will outlive the session.
    pub refresh_token: Option<Secret<String>>,
    /// When the access token expires, in milliseconds since 1970.
    pub expires_at: i64,
    pub scope: Option<String>,
    /// Whether the refresh token has served before, the platform having given no other since.
    #[serde(default)]
    pub last_resort: bool,
    /// What else the platform has given with them, and what a later version of the SDK has added: it stays.
    #[serde(flatten)]
    pub beside: Map<String, Value>,
}
crate::operation::unseen!(Tokens);

impl Tokens {
    /// With what the old ones say of themselves and the new ones do not.
    pub(crate) fn saying_what(mut self, old: &Self) -> Self {
        self.scope = self.scope.or_else(|| old.scope.clone());
        for (name, value) in &old.beside {
            if !self.beside.contains_key(name) {
                self.beside.insert(name.clone(), value.clone());
            }
        }
        self
    }

    /// The same in place of the old ones of a connection.
    pub(super) fn in_place_of(self, old: &Self) -> Self {
        let mut fresh = self.saying_what(old);
        // With some platforms it means that the session will end first; by RFC 6749 section 6, that the old one stays good. When the access token
        // has expired, the old one is all there is, and the platform's word on it tells which.
        if fresh.refresh_token.is_none() {
            fresh.refresh_token.clone_from(&old.refresh_token);
            fresh.last_resort = true;
        }
        fresh
    }

    /// Whether they are the same pair, whatever is known of what has become of it.
    pub(crate) fn is_pair_of(&self, other: &Self) -> bool {
        self.access_token == other.access_token
    }
}

/// What was last seen of the data of a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Watched {
    /// When somebody last looked, in milliseconds since 1970: who writes it looks then.
    pub looked_at: i64,
    /// What the application has dealt with; none where nothing was there, and where it has not.
    pub seen: Option<String>,
    /// Whether it has.
    #[serde(default)]
    pub noted: bool,
}

/// What is sealed of a connection.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkDocument {
    pub tokens: Tokens,
    /// The id of the attempt that it was made by.
    pub attempt: String,
    /// Why no token serves any more: what an error tells each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Whose writing says so: they tell the application of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
    /// What was last seen of the person's data, where somebody watches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched: Option<Watched>,
    /// What a later version of the SDK has added: it stays.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl LinkDocument {
    /// That of a connection that begins with these tokens, of an attempt with this id; of one that no attempt made, the id is empty.
    pub(crate) fn new(tokens: Tokens, attempt: String) -> Self {
        Self {
            tokens,
            attempt,
            ended: None,
            ended_by: None,
            watched: None,
            other: Map::new(),
        }
    }
}
