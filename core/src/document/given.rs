//! How a document is read: from JSON its text as it stands there, from an application's values the text that they are as JSON.
//!
//! A document asks its deserializer for a newtype of an agreed name. That of an application's values answers with a value that is there,
//! of which the text is written part by part, so that what does not fit is named by its path; any other has the newtype read from JSON.

use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{Document, JsonObject};
use crate::binding;

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer, "any valid JSON value", false)
    }
}

impl Document {
    /// Reads a document; of an application's values also from its JSON text, or that as bytes, where a string could not be meant.
    pub(super) fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        expected: &'static str,
        or_text: bool,
    ) -> Result<Self, D::Error> {
        let reading = Reading { expected, or_text };
        deserializer.deserialize_newtype_struct(binding::DOCUMENT, reading)
    }
}

/// Reads what may be given as JSON text, or as that in bytes.
pub(crate) fn given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Document>, D::Error> {
    struct Given(Document);

    impl<'de> Deserialize<'de> for Given {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Document::read(deserializer, "any valid JSON value", true).map(Self)
        }
    }

    Ok(Option::<Given>::deserialize(deserializer)?.map(|Given(document)| document))
}

/// Reads an object that may be given as JSON text, or as that in bytes.
pub(crate) fn given_object<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<JsonObject, D::Error> {
    let document = Document::read(deserializer, "an object", true)?;
    let kind = document.kind();
    JsonObject::of(document)
        .ok_or_else(|| de::Error::custom(format_args!("expected an object, got {kind}")))
}

struct Reading {
    expected: &'static str,
    or_text: bool,
}

impl<'de> Visitor<'de> for Reading {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, json: D) -> Result<Document, D::Error> {
        Box::<RawValue>::deserialize(json).map(Document::from)
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Document, D::Error> {
        let mut text = String::new();
        value.deserialize_any(Part {
            expected: self.expected,
            or_text: self.or_text,
            text: &mut text,
        })?;
        let raw = RawValue::from_string(text);
        raw.map(Document::from)
            .map_err(|_| de::Error::custom("expected JSON, got text that is none"))
    }
}

/// A part of an application's value, whose text is added to that of the whole.
struct Part<'a> {
    expected: &'static str,
    or_text: bool,
    text: &'a mut String,
}

impl Part<'_> {
    fn inside(&mut self) -> Part<'_> {
        Part {
            expected: "any valid JSON value",
            or_text: false,
            text: self.text,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.text.push_str("null");
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.text.push_str(&value.to_string());
        Ok(())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        if self.or_text {
            self.text.push_str(value);
        } else {
            self.text.push_str(&Json::from(value).to_string());
        }
        Ok(())
    }

    /// Bytes that the application gave.
    fn visit_bytes<E: de::Error>(self, value: &[u8]) -> Result<(), E> {
        if !self.or_text {
            return Err(E::invalid_type(Unexpected::Bytes(value), &self));
        }
        let text = std::str::from_utf8(value);
        self.text
            .push_str(text.map_err(|_| E::custom("expected JSON, got bytes that are no UTF-8"))?);
        Ok(())
    }

    /// What is JSON already: a number with all its digits, for one, or a string, for text that has no other form.
    fn visit_byte_buf<E: de::Error>(self, value: Vec<u8>) -> Result<(), E> {
        if self.or_text && value.starts_with(b"\"") {
            return Err(E::custom(
                "expected JSON, got text with a lone surrogate, which JSON has as an escape only",
            ));
        }
        self.text.push_str(&String::from_utf8_lossy(&value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let begin = self.text.len();
        self.text.push('[');
        loop {
            let before = self.text.len();
            if before > begin + 1 {
                self.text.push(',');
            }
            if items.next_element_seed(self.inside())?.is_none() {
                self.text.truncate(before);
                break;
            }
        }
        self.text.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.text.push('{');
        let mut first = true;
        while let Some(name) = members.next_key::<String>()? {
            if !std::mem::take(&mut first) {
                self.text.push(',');
            }
            self.text.push_str(&Json::from(name).to_string());
            self.text.push(':');
            members.next_value_seed(self.inside())?;
        }
        self.text.push('}');
        Ok(())
    }
}
