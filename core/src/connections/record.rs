//! What a store keeps: the columns of its two tables, whichever store it is.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum LinkStatus {
    /// Its tokens serve.
    Active,
    /// A refresh was sent and its answer was lost, so that its refresh token may be spent.
    Uncertain,
    /// The platform says that its session is over: the patient must link again.
    Expired,
}

impl LinkStatus {
    /// As it is written in a table.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Uncertain => "uncertain",
            Self::Expired => "expired",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Uncertain, Self::Expired]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// One link, as it is stored: everything but the tokens can be read. A store keeps all members of a record, also those that it does not
/// know: a later version of the SDK may have added them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LinkRecord {
    /// The platform that the link is with: `pkb:` and the host. With `appUserId` the key of the record.
    pub platform: String,
    /// Your own id of the user.
    pub app_user_id: String,
    /// The patient's PKB public id. Of the records of a platform that do not share theirs, no two have the same.
    pub public_id: String,
    /// Whether other users may have the same public id, by the rules of the platform. Absent where they may not, as with PKB.
    #[serde(
        default,
        deserialize_with = "truth",
        skip_serializing_if = "std::ops::Not::not"
    )]
    #[cfg_attr(feature = "__binding", schemars(extend("x-absent" = true)))]
    pub shares_public_id: bool,
    /// How the link stands.
    pub status: LinkStatus,
    /// When the patient linked, in milliseconds since 1970.
    #[serde(deserialize_with = "whole")]
    pub linked_at: i64,
    /// When the tokens were last replaced, in milliseconds since 1970.
    #[serde(deserialize_with = "whole")]
    pub refreshed_at: i64,
    /// Who refreshes the tokens at the moment, if anybody does.
    #[serde(default)]
    pub lease: Option<String>,
    /// By when they would have done so, in milliseconds since 1970. Version 1 of the SDK wrote it.
    #[serde(default, deserialize_with = "optional_whole")]
    pub lease_until: Option<i64>,
    /// The id of the key under which `sealed` is encrypted.
    pub key_id: String,
    /// The tokens, encrypted.
    pub sealed: String,
    /// Grows by one with each change.
    #[serde(deserialize_with = "whole")]
    pub version: i64,
    /// The members that this version of the SDK does not know, as the store gave them: they are written again. A name that opens with an
    /// underscore is the store's own, and not among them.
    #[serde(flatten)]
    #[cfg_attr(feature = "__binding", schemars(skip))]
    pub other: Map<String, Value>,
}

impl LinkRecord {
    /// The names of the members that this version knows.
    pub(super) const MEMBERS: &'static [&'static str] = &[
        "platform",
        "appUserId",
        "publicId",
        "sharesPublicId",
        "status",
        "linkedAt",
        "refreshedAt",
        "lease",
        "leaseUntil",
        "keyId",
        "sealed",
        "version",
    ];
}

/// How far an attempt to link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum AttemptStatus {
    /// The patient has not come back.
    Pending,
    /// The code is being exchanged.
    Exchanging,
    /// The tokens are here, in `sealed`; whose record they open is not known yet.
    Exchanged,
    /// The link is being made from them.
    Linking,
    /// The link is made.
    Completed,
    /// It came to nothing, and never will come to anything.
    Failed,
}

impl AttemptStatus {
    /// As it is written in a table.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Exchanging => "exchanging",
            Self::Exchanged => "exchanged",
            Self::Linking => "linking",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Pending,
            Self::Exchanging,
            Self::Exchanged,
            Self::Linking,
            Self::Completed,
            Self::Failed,
        ];
        all.into_iter().find(|status| status.as_str() == text)
    }
}

/// One attempt to link, from the address that the patient is sent to until the link is made. A store keeps all members of a record, also
/// those that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct AttemptRecord {
    /// The platform that the link is to be with. With `id` the key of the record.
    pub platform: String,
    /// A digest of the attempt's `state`, so that the store knows no state.
    pub id: String,
    /// Your own id of the user.
    pub app_user_id: String,
    /// How far it has come.
    pub status: AttemptStatus,
    /// From when on it counts for nothing, in milliseconds since 1970.
    #[serde(deserialize_with = "whole")]
    pub expires_at: i64,
    /// The id of the key under which `sealed` is encrypted.
    pub key_id: String,
    /// The redirect URI, the code verifier, your context and the tokens, encrypted.
    pub sealed: String,
    /// Grows by one with each change.
    #[serde(deserialize_with = "whole")]
    pub version: i64,
    /// The members that this version of the SDK does not know, as the store gave them: they are written again. A name that opens with an
    /// underscore is the store's own, and not among them.
    #[serde(flatten)]
    #[cfg_attr(feature = "__binding", schemars(skip))]
    pub other: Map<String, Value>,
}

impl AttemptRecord {
    /// The names of the members that this version knows.
    pub(super) const MEMBERS: &'static [&'static str] = &[
        "platform",
        "id",
        "appUserId",
        "status",
        "expiresAt",
        "keyId",
        "sealed",
        "version",
    ];
}

/// Whether something is so. Databases that know no truth values give numbers, and null from before there was a column.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Truth;

    impl Visitor<'_> for Truth {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true or false")
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<bool, E> {
            Ok(number != 0)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<bool, E> {
            Ok(number != 0)
        }

        fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
            Ok(false)
        }
    }

    deserializer.deserialize_any(Truth)
}

/// A whole number. Drivers of databases give large ones as text.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Whole;

    impl Visitor<'_> for Whole {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number).map_err(|_| E::custom("is beyond 63 bits"))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
            text.parse().map_err(|_| E::custom("is not a whole number"))
        }
    }

    deserializer.deserialize_any(Whole)
}

fn optional_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    struct Wrapped(#[serde(deserialize_with = "whole")] i64);

    Ok(Option::<Wrapped>::deserialize(deserializer)?.map(|Wrapped(number)| number))
}
