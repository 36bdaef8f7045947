//! A resource as the text that it was sent as: a few members are set, and everything else keeps its digits, its order and its blanks.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

const REFERENCE: &str = "\"reference\"";

/// An object of JSON, member by member.
#[derive(Clone, Default)]
pub struct Document {
    members: Vec<(String, Box<RawValue>)>,
}

/// Any value as the text that it is written as.
pub fn raw<T: Serialize>(value: &T) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

impl Document {
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let mut members = self.members.iter();
        members
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_ref())
    }

    pub fn values(&self) -> impl Iterator<Item = &RawValue> {
        self.members.iter().map(|(_, value)| value.as_ref())
    }

    /// A member that is an object itself; an empty one, if it is not.
    pub fn object(&self, name: &str) -> Self {
        let member = self.get(name);
        member
            .and_then(|member| Self::parse(member.get()).ok())
            .unwrap_or_default()
    }

    /// Sets a member in its place, or else behind the first.
    pub fn set(&mut self, name: &str, value: &impl Serialize) {
        let value = raw(value);
        let mut members = self.members.iter_mut();
        if let Some((_, known)) = members.find(|(known, _)| known == name) {
            *known = value;
        } else {
            let at = self.members.len().min(1);
            self.members.insert(at, (name.to_owned(), value));
        }
    }

    /// Adds an item to a member that is a list, in place of that with the same `key`.
    pub fn set_item(&mut self, name: &str, key: &str, item: &Value) {
        let member = self.get(name).map(RawValue::get);
        let mut list: Vec<Self> = member
            .and_then(|member| serde_json::from_str(member).ok())
            .unwrap_or_default();
        list.retain(|known| known.value()[key] != item[key]);
        list.extend(Self::parse(&item.to_string()));
        self.set(name, &list);
    }

    pub fn remove(&mut self, name: &str) {
        self.members.retain(|(known, _)| known != name);
    }

    /// The same with every reference that is `from` being `to`.
    pub fn with_reference(&self, from: &str, to: &str) -> Self {
        let members = self.members.iter().map(|(name, value)| {
            let replaced = with_reference(value.get(), from, to);
            let value = RawValue::from_string(replaced).unwrap_or_else(|_| value.clone());
            (name.clone(), value)
        });
        Self {
            members: members.collect(),
        }
    }

    /// To look at: its numbers may have lost digits.
    pub fn value(&self) -> Value {
        serde_json::to_string(self)
            .and_then(|text| serde_json::from_str(&text))
            .unwrap_or_default()
    }
}

/// JSON in which members named `reference` that are the text `from` are `to`. The name in quotes is nowhere else before a colon: within a
/// text its quotes would be escaped.
fn with_reference(json: &str, from: &str, to: &str) -> String {
    let (from, to) = (Value::from(from).to_string(), Value::from(to).to_string());
    let mut replaced = String::new();
    let mut rest = json;
    while let Some(at) = rest.find(REFERENCE) {
        let (before, after) = rest.split_at(at + REFERENCE.len());
        replaced.push_str(before);
        rest = after;
        let blanks = |text: &str| text.len() - text.trim_ascii_start().len();
        let mut colon = blanks(rest);
        if rest[colon..].starts_with(':') {
            colon += 1;
            colon += blanks(&rest[colon..]);
            let (between, value) = rest.split_at(colon);
            if let Some(behind) = value.strip_prefix(from.as_str()) {
                replaced.push_str(between);
                replaced.push_str(&to);
                rest = behind;
            }
        }
    }
    replaced.push_str(rest);
    replaced
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Document;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, value)) = map.next_entry()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom("a member is there twice"));
                    }
                    members.push((name, value));
                }
                Ok(Document { members })
            }
        }

        deserializer.deserialize_map(Members)
    }
}
