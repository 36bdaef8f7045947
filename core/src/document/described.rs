//! What a platform describes: the part that the SDK understands, as a type, and the whole as it came.

use std::ops::Deref;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::{Serialize, Serializer};

use super::Document;
use super::reading::read_part;

/// What a platform describes. It can be used as the `T` that the SDK understands of it; what else the platform says of it is in the
/// [`Described::document`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described<T> {
    understood: T,
    document: Document,
}

impl<T> Described<T> {
    pub(crate) fn new(understood: T, document: Document) -> Self {
        Self {
            understood,
            document,
        }
    }

    /// The whole, as the platform sent it.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// A member of it: also one that the SDK does not know.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Document> {
        self.document.member(name)
    }

    /// With a text in place of another, both in what is understood and in the document.
    pub(crate) fn replace(
        &mut self,
        name: &str,
        text: String,
        place: impl FnOnce(&mut T) -> &mut Option<String>,
    ) {
        let member = Document::from(serde_json::Value::from(text.as_str()));
        self.document = self.document.with_member(name, &member);
        *place(&mut self.understood) = Some(text);
    }
}

impl<T> Deref for Described<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.understood
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Described<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        Ok(Self::new(read_part(document.text())?, document))
    }
}

impl<T> Serialize for Described<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}

#[cfg(feature = "__binding")]
impl<T: JsonSchema> JsonSchema for Described<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }
}
