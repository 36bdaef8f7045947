//! A document that is an object.

use std::ops::Deref;
use std::str::FromStr;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::Document;

/// A [`Document`] that is an object, such as a FHIR resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(Document);

impl JsonObject {
    /// The document; none if it is no object.
    pub(crate) fn of(document: Document) -> Option<Self> {
        Some(document)
            .filter(|document| document.text().starts_with('{'))
            .map(Self)
    }

    /// The object with this member, if it has none of the name.
    pub(crate) fn or_member(&self, name: &str, member: Json) -> Self {
        Self(self.0.or_member(name, &member.into()))
    }
}

impl Deref for JsonObject {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

impl Default for JsonObject {
    fn default() -> Self {
        Map::new().into()
    }
}

impl From<Map<String, Json>> for JsonObject {
    fn from(members: Map<String, Json>) -> Self {
        Self(Json::Object(members).into())
    }
}

impl FromStr for JsonObject {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::read(deserializer, "an object", false)?;
        let kind = document.kind();
        Self::of(document)
            .ok_or_else(|| de::Error::custom(format_args!("expected an object, got {kind}")))
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for JsonObject {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        <Map<String, Json>>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <Map<String, Json>>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}
