//! From a [`Value`] to typed options, with the path of what does not fit and never its content.

use std::fmt;

use serde::de::value::{SeqDeserializer, StringDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, IntoDeserializer, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::part::{DOCUMENT, Part};
use super::{Dialect, Value, leaf};
use crate::Document;
use crate::error::Invalid;

/// Parses options.
pub(crate) fn parse<T: DeserializeOwned>(value: Value, dialect: Dialect) -> Result<T, Invalid> {
    parse_at(value, dialect, "options")
}

/// Parses a configuration, whose functions the caller knows by paths that open with `config.`.
pub(crate) fn parse_config<T: DeserializeOwned>(
    value: Value,
    dialect: Dialect,
) -> Result<T, Invalid> {
    parse_at(value.with_functions_under("config"), dialect, "config")
}

/// Parses a part of the options that stands at `root`.
pub(crate) fn parse_at<T: DeserializeOwned>(
    value: Value,
    dialect: Dialect,
    root: &str,
) -> Result<T, Invalid> {
    serde_path_to_error::deserialize(Parser { value, dialect }).map_err(|error| {
        let mut path = root.to_owned();
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => path = format!("{path}[{index}]"),
                serde_path_to_error::Segment::Map { key } => {
                    path = format!("{path}.{key}");
                }
                serde_path_to_error::Segment::Enum { .. }
                | serde_path_to_error::Segment::Unknown => {}
            }
        }
        let reason = match error.into_inner() {
            Misfit::Missing(field) => {
                path = format!("{path}.{field}");
                "is missing".to_owned()
            }
            Misfit::Other(reason) => reason,
        };
        Invalid { path, reason }
    })
}

struct Parser {
    value: Value,
    dialect: Dialect,
}

impl Parser {
    fn misfit(&self, expected: &dyn Expected) -> Misfit {
        Misfit::of(&self.value, expected)
    }

    fn entries<'de, V: Visitor<'de>>(
        entries: Vec<(String, Value)>,
        dialect: Dialect,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_map(Entries::new(entries, dialect))
    }
}

impl<'de> Deserializer<'de> for Parser {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let dialect = self.dialect;
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            Value::Float(value) => visitor.visit_f64(value),
            Value::Json(document) => number(&document, visitor),
            Value::String(value) => visitor.visit_string(value),
            Value::Bytes(value) => visitor.visit_bytes(&value),
            Value::Array(values) => {
                let elements = values.into_iter().map(|value| Self { value, dialect });
                visitor.visit_seq(SeqDeserializer::new(elements))
            }
            // Of a choice, which may turn out to be a structure: its names are not known here.
            Value::Object(entries) => visitor.visit_map(Entries {
                of_choice: true,
                ..Entries::new(entries, dialect)
            }),
            Value::Stream(_)
            | Value::Kept { .. }
            | Value::Function(_)
            | Value::Output(_)
            | Value::Shared(_)
            | Value::Failure(_) => Err(self.misfit(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Object(entries) => Self::entries(entries, self.dialect, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        // Whatever it is: a function or a stream too.
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Null if self.dialect.null_is_absent() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Object(entries) => {
                let entries = entries
                    .into_iter()
                    .map(|(key, value)| (self.dialect.field(key, fields), value))
                    .collect();
                Self::entries(entries, self.dialect, visitor)
            }
            _ => Err(self.misfit(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.value {
            Value::String(name) => {
                let name: StringDeserializer<Misfit> = name.into_deserializer();
                visitor.visit_enum(name)
            }
            _ => Err(Misfit::Other(format!(
                "expected {}, got {}",
                one_of(variants),
                self.value.kind()
            ))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        if name == leaf::NAME {
            leaf::hand_over(self.value, self.dialect);
            return visitor.visit_unit();
        }
        if name == DOCUMENT {
            return visitor.visit_some(Part {
                value: self.value,
                dialect: self.dialect,
            });
        }
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct identifier
    }
}

/// A number that is beyond those of this border, as the nearest that Rust has, which the field may have no room for either.
fn number<'de, V: Visitor<'de>>(document: &Document, visitor: V) -> Result<V::Value, Misfit> {
    let text = document.text();
    if let Ok(whole) = text.parse() {
        return visitor.visit_u64(whole);
    }
    match text.parse() {
        Ok(number) if f64::is_finite(number) => visitor.visit_f64(number),
        _ => Err(Misfit::of(&Value::Json(document.clone()), &visitor)),
    }
}

impl IntoDeserializer<'_, Misfit> for Parser {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Entries {
    rest: std::vec::IntoIter<(String, Value)>,
    value: Option<Value>,
    dialect: Dialect,
    of_choice: bool,
}

impl Entries {
    fn new(entries: Vec<(String, Value)>, dialect: Dialect) -> Self {
        Self {
            rest: entries.into_iter(),
            value: None,
            dialect,
            of_choice: false,
        }
    }
}

impl<'de> de::MapAccess<'de> for Entries {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        if self.of_choice {
            let dialect = self.dialect;
            return seed.deserialize(Name { key, dialect }).map(Some);
        }
        let key: StringDeserializer<Misfit> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        let value = self.value.take().unwrap_or(Value::Null);
        seed.deserialize(Parser {
            value,
            dialect: self.dialect,
        })
    }
}

/// The name of a member of a choice. Only a structure takes it for an identifier; to a document it is text.
struct Name {
    key: String,
    dialect: Dialect,
}

impl<'de> Deserializer<'de> for Name {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_string(self.key)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_string(self.dialect.wire(self.key))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum ignored_any
    }
}

/// Why a value does not fit. serde's own texts quote the value, which may be a key or a token: these never do.
#[derive(Debug)]
pub(super) enum Misfit {
    Missing(&'static str),
    Other(String),
}

impl Misfit {
    pub(super) fn of(value: &Value, expected: &dyn Expected) -> Self {
        Self::Other(format!(
            "expected {}, got {}",
            in_words(expected),
            value.kind()
        ))
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "{field} is missing"),
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::Other(reason.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Other(format!(
            "expected {}, got {}",
            in_words(expected),
            kind_of(&unexpected)
        ))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Other(format!("expected {}", in_words(expected)))
    }

    fn unknown_variant(_: &str, variants: &'static [&'static str]) -> Self {
        Self::Other(format!("expected {}", one_of(variants)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}

fn one_of(variants: &[&str]) -> String {
    format!("one of \"{}\"", variants.join("\", \""))
}

/// serde names Rust types; an application's author knows objects, numbers and strings.
fn in_words(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    match words.as_str() {
        "i64" | "u64" | "u32" | "u16" => "a whole number".to_owned(),
        "f64" | "a JSON number" => "a number".to_owned(),
        "a sequence" => "an array".to_owned(),
        "a map" => "an object".to_owned(),
        text if text.starts_with("struct ") => "an object".to_owned(),
        _ => words,
    }
}

fn kind_of(unexpected: &Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        _ => "another kind of value",
    }
}
