//! The tokens by which an application acts for a user, in the one shape in which applications store them.

use std::fmt;

use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::Secret;

/// What an application keeps for each user who consented. Store it safely, and replace it whenever a call hands out a newer one.
///
/// It is a document: its keys are the same in every language, so that applications in several languages can share a store.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-document" = true))]
pub struct UserAccessToken {
    /// The token that calls are made with.
    #[serde(alias = "access_token")]
    pub access_token: Token,
    /// The token that buys the next pair, once.
    #[serde(alias = "refresh_token")]
    pub refresh_token: Token,
    /// Whose they are.
    pub user: Option<User>,
    /// The consent that they stand for.
    pub consentid: Option<String>,
}

/// Whose it is stays hidden as what it is does.
impl fmt::Debug for UserAccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserAccessToken")
            .field("access_token", &self.access_token)
            .field("refresh_token", &self.refresh_token)
            .finish_non_exhaustive()
    }
}

/// A token and how long it lives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-document" = true))]
pub struct Token {
    /// The token itself.
    pub value: Secret<String>,
    /// When it expires, in seconds since 1970.
    pub expiry: i64,
}

/// A user of the platform.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[schemars(extend("x-document" = true))]
pub struct User {
    /// The user's id, the same for every application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}
crate::operation::unseen!(User);

/// As a map, since a document's keys are spelled alike in every language.
impl Serialize for UserAccessToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("accessToken", &self.access_token)?;
        map.serialize_entry("refreshToken", &self.refresh_token)?;
        if let Some(user) = &self.user {
            map.serialize_entry("user", user)?;
        }
        if let Some(consentid) = &self.consentid {
            map.serialize_entry("consentid", consentid)?;
        }
        map.end()
    }
}
