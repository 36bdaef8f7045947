//! Text that is not empty, as a type.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A string of at least one character.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, Zeroize)]
#[serde(try_from = "String")]
pub struct NonEmptyString(String);

/// The string is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must not be an empty string")]
pub struct EmptyString;

impl TryFrom<String> for NonEmptyString {
    type Error = EmptyString;

    fn try_from(text: String) -> Result<Self, EmptyString> {
        if text.is_empty() {
            Err(EmptyString)
        } else {
            Ok(Self(text))
        }
    }
}

impl TryFrom<&str> for NonEmptyString {
    type Error = EmptyString;

    fn try_from(text: &str) -> Result<Self, EmptyString> {
        text.to_owned().try_into()
    }
}

impl FromStr for NonEmptyString {
    type Err = EmptyString;

    fn from_str(text: &str) -> Result<Self, EmptyString> {
        text.try_into()
    }
}

impl Deref for NonEmptyString {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NonEmptyString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for NonEmptyString {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "NonEmptyString".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }

    fn inline_schema() -> bool {
        true
    }
}
