//! A JSON document, kept as its text: what the SDK does not understand of it is handed on as it came.
//!
//! A value of `serde_json` would round numbers, keep one of several members of the same name, and refuse deep nesting and lone
//! surrogates. The text is checked once, to be JSON, without recursion.

mod described;
mod given;
mod number;
mod object;
mod objects_alone;
mod open;
mod reading;
pub(crate) mod tree;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer as _, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::Error;
use crate::binding::{self, Value};

pub use described::Described;
pub(crate) use given::{given, given_object};
pub use number::JsonNumber;
pub use object::JsonObject;
pub use open::Open;
pub(crate) use open::{Others, kept_open};
pub(crate) use reading::{if_understood, read};

/// A JSON document as its text: numbers with all their digits, members in their order, nesting of any depth.
#[derive(Clone)]
pub struct Document(Arc<RawValue>);

impl Document {
    /// The text: what came, but for space before and after it.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The document as a type of your own. An error names the place that does not fit, never what stands there.
    pub fn parse<T: de::DeserializeOwned>(&self) -> Result<T, Error> {
        read(self.text().as_bytes()).map_err(|place| {
            Error::unexpected_response(format!(
                "The document does not have the form that was expected{place}."
            ))
        })
    }

    /// The document as a value of `serde_json`, which rounds what does not fit into its numbers, keeps the last of several members of the
    /// same name, and refuses more than 127 levels and lone surrogates.
    pub fn to_value(&self) -> Result<Json, Error> {
        self.parse()
    }

    /// The member of an object that has this name: of several the last, as most readers take it.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Self> {
        let found = self.members()?.into_iter().rfind(|(key, _)| is(key, name));
        found.map(|(_, member)| Self(Arc::from(member.to_owned())))
    }

    /// The text that the member of this name stands for, if it is a JSON string.
    pub(crate) fn string_at(&self, name: &str) -> Option<String> {
        self.member(name)?.string()
    }

    /// The items of an array.
    #[must_use]
    pub fn items(&self) -> Option<Vec<Self>> {
        serde_json::from_str::<Vec<Self>>(self.text()).ok()
    }

    /// The text that a JSON string stands for, U+FFFD in place of lone surrogates.
    #[must_use]
    pub fn string(&self) -> Option<String> {
        let mut reader = serde_json::Deserializer::from_str(self.text());
        reader.deserialize_bytes(Lossy).ok()
    }

    /// The object with this member, if it has none of the name.
    pub(crate) fn or_member(&self, name: &str, member: &Self) -> Self {
        match self.member(name) {
            Some(_) => self.clone(),
            None => self.with_member(name, member),
        }
    }

    /// The object with this member in place of those of its name, or else at its end. What is no object stays as it is.
    pub(crate) fn with_member(&self, name: &str, member: &Self) -> Self {
        let Some(members) = self.members() else {
            return self.clone();
        };
        let mut text = String::with_capacity(self.text().len() + member.text().len());
        let mut found = false;
        for (key, value) in members {
            let replaced = is(key, name);
            found |= replaced;
            let value = if replaced { &member.0 } else { value };
            push_member(&mut text, key.get(), value.get());
        }
        if !found {
            push_member(&mut text, &Json::from(name).to_string(), member.text());
        }
        text.push('}');
        text.parse().unwrap_or_else(|_| self.clone())
    }

    /// The object without its members of this name. What is no object stays as it is.
    pub(crate) fn without_member(&self, name: &str) -> Self {
        let Some(members) = self.members() else {
            return self.clone();
        };
        let mut text = String::with_capacity(self.text().len());
        for (key, value) in members {
            if !is(key, name) {
                push_member(&mut text, key.get(), value.get());
            }
        }
        if text.is_empty() {
            text.push('{');
        }
        text.push('}');
        text.parse().unwrap_or_else(|_| self.clone())
    }

    /// The members of an object as they stand there, names included.
    fn members(&self) -> Option<Vec<(&RawValue, &RawValue)>> {
        let mut reader = serde_json::Deserializer::from_str(self.text());
        reader.deserialize_map(Members).ok()
    }

    /// What kind of value it is, in words that fit after "got".
    pub(crate) fn kind(&self) -> &'static str {
        match self.text().as_bytes() {
            [b'{', ..] => "an object",
            [b'[', ..] => "an array",
            [b'"', ..] => "a string",
            [b'n', ..] => "null",
            [b't' | b'f', ..] => "a boolean",
            _ => "a number",
        }
    }
}

fn is(key: &RawValue, name: &str) -> bool {
    serde_json::from_str::<Cow<'_, str>>(key.get()).is_ok_and(|key| key == name)
}

fn push_member(text: &mut String, key: &str, value: &str) {
    text.push(if text.is_empty() { '{' } else { ',' });
    text.push_str(key);
    text.push(':');
    text.push_str(value);
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

struct Lossy;

impl Visitor<'_> for Lossy {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<String, E> {
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Document {}

/// A document is most often about a person: only its kind and size are shown.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({}, {} bytes)", self.kind(), self.text().len())
    }
}

impl From<Box<RawValue>> for Document {
    fn from(raw: Box<RawValue>) -> Self {
        Self(Arc::from(raw))
    }
}

impl From<Json> for Document {
    fn from(value: Json) -> Self {
        let raw = RawValue::from_string(value.to_string());
        // A value of serde_json is always written as JSON.
        raw.unwrap_or_else(|_| RawValue::NULL.to_owned()).into()
    }
}

impl FromStr for Document {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        binding::serialize_leaf_or(serializer, Value::Json(self.clone()), &&*self.0)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for Document {
    fn schema_name() -> Cow<'static, str> {
        Json::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Json::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
