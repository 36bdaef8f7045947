//! The tokens by which an application acts for a user, in the one shape in which applications store them.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Secret;
use crate::binding::{self, Dialect, Value};
use crate::document::{Others, kept_open};

/// What an application keeps for each user who consented. Store it safely, and replace it whenever a call hands out a newer one.
///
/// It is a document: its keys are the same in every language, so that applications in several languages can share a store. What an
/// application keeps beside them in the same document stays there when the tokens are replaced.
#[derive(Clone)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(rename_all = "camelCase", extend("x-document" = true)))]
pub struct UserAccessToken {
    /// The token that calls are made with.
    pub access_token: Token,
    /// The token that buys the next pair, once.
    pub refresh_token: Token,
    /// Whose they are.
    pub user: Option<User>,
    /// The consent that they stand for.
    pub consentid: Option<String>,
    /// What the application keeps beside them.
    #[cfg_attr(feature = "__binding", schemars(skip))]
    pub beside: Beside,
}

/// What an application keeps in the document of a user access token that is none of the SDK's.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    members: Others,
    /// The token is as the application gave it.
    is_given: bool,
}

impl UserAccessToken {
    /// The same tokens in the document of those that they replace.
    pub(super) fn in_place_of(mut self, spent: &Self) -> Self {
        self.beside = Beside {
            members: spent.beside.members.clone(),
            is_given: false,
        };
        self
    }
}

/// Two are the same if their tokens are, whatever is kept beside them.
impl PartialEq for UserAccessToken {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            access_token,
            refresh_token,
            user,
            consentid,
            beside: _,
        } = self;
        *access_token == other.access_token
            && *refresh_token == other.refresh_token
            && *user == other.user
            && *consentid == other.consentid
    }
}

impl Eq for UserAccessToken {}

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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct Token {
    /// The token itself.
    pub value: Secret<String>,
    /// When it expires, in seconds since 1970.
    pub expiry: i64,
}

/// A user of the platform.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct User {
    /// The user's id, the same for every application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}
crate::operation::unseen!(User);

impl<'de> Deserialize<'de> for UserAccessToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Known {
            #[serde(alias = "access_token")]
            access_token: Token,
            #[serde(alias = "refresh_token")]
            refresh_token: Token,
            user: Option<User>,
            consentid: Option<String>,
        }

        let (known, members): (Known, Others) = kept_open(deserializer)?;
        Ok(Self {
            access_token: known.access_token,
            refresh_token: known.refresh_token,
            user: known.user,
            consentid: known.consentid,
            beside: Beside {
                members,
                is_given: true,
            },
        })
    }
}

impl Serialize for UserAccessToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.beside.is_given {
            let given = Value::Given {
                name: "userAccessToken",
                // A document: the same in every language.
                value: Box::new(Dialect::JavaScript.value_of(&AsMap(self))),
            };
            return binding::serialize_leaf_or(serializer, given, &AsMap(self));
        }
        AsMap(self).serialize(serializer)
    }
}

/// As a map, since a document's keys are spelled alike in every language.
struct AsMap<'a>(&'a UserAccessToken);

impl Serialize for AsMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(token) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("accessToken", &token.access_token)?;
        map.serialize_entry("refreshToken", &token.refresh_token)?;
        if let Some(user) = &token.user {
            map.serialize_entry("user", user)?;
        }
        if let Some(consentid) = &token.consentid {
            map.serialize_entry("consentid", consentid)?;
        }
        for (name, member) in token.beside.members.iter() {
            map.serialize_entry(name, member)?;
        }
        map.end()
    }
}
