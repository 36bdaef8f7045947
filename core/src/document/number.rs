//! A number with the digits in which it was given.

use std::str::FromStr;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};
use serde_json::{Number, Value as Json};

use super::Document;

/// A JSON number, written as it was given: `1.10` stays `1.10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonNumber(Document);

impl JsonNumber {
    /// Its digits, as in JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }
}

impl From<Number> for JsonNumber {
    fn from(number: Number) -> Self {
        Self(Json::Number(number).into())
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for JsonNumber {
            fn from(number: $kind) -> Self {
                Number::from(number).into()
            }
        })*
    };
}

whole_numbers!(i32, u32, i64, u64);

impl FromStr for JsonNumber {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl<'de> Deserialize<'de> for JsonNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::read(deserializer, "a number", false)?;
        match document.kind() {
            "a number" => Ok(Self(document)),
            kind => Err(de::Error::custom(format_args!(
                "expected a number, got {kind}"
            ))),
        }
    }
}

impl Serialize for JsonNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for JsonNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Number::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Number::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
