//! A [`Value`] as the document that it is, part by part: numbers as the language writes them in JSON.

use serde::de::{self, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::de::{Entries, Items, Reads};
use super::manner::Manner;
use super::misfit::Misfit;
use super::{Value, decimal};

/// The agreed name by which a document asks for a value.
pub(crate) const DOCUMENT: &str = "$document";

/// The agreed name by which an object with members that the SDK does not know asks for its two parts.
pub(crate) const OPEN: &str = "$open";

/// The agreed name by which what an application keeps asks for them: of its other members those that are documents.
pub(crate) const KEPT_OPEN: &str = "$kept";

/// A value, or a part of one.
pub(super) struct Part {
    pub value: Value,
    pub manner: Manner,
}

impl<'de> Deserializer<'de> for Part {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let manner = self.manner;
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            Value::Float(value) => match decimal::written(value, manner.dialect) {
                Some(text) => visitor.visit_byte_buf(text.into_bytes()),
                None => Err(de::Error::custom("expected a finite number")),
            },
            Value::Json(document) => visitor.visit_byte_buf(document.text().into()),
            Value::String(value) => visitor.visit_str(&value),
            Value::Bytes(value) => visitor.visit_bytes(&value),
            Value::Array(values) => visitor.visit_seq(Items::<Self>::new(values, manner)),
            Value::Object(entries) => visitor.visit_map(Entries::<Self>::new(entries, manner)),
            Value::Kept { .. } => Err(de::Error::custom(
                "got more bytes than a document may have that is given as bytes: give it as JSON text",
            )),
            Value::Written(value) => Self {
                value: *value,
                manner,
            }
            .deserialize_any(visitor),
            value @ (Value::Stream(_)
            | Value::Function(_)
            | Value::Output(_)
            | Value::Shared(_)
            | Value::Failure(_)
            | Value::Given { .. }
            | Value::Unfit(_)) => Err(Misfit::of(&value, &visitor)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl Reads<'_> for Part {
    fn reading(value: Value, manner: Manner) -> Self {
        Self { value, manner }
    }
}
