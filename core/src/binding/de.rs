//! From a [`Value`] to typed options, with the path of what does not fit and never its content.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use serde::de::value::StringDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::manner::Manner;
use super::misfit::{Misfit, Segment, one_of};
use super::part::{DOCUMENT, KEPT_OPEN, OPEN, Part};
use super::record::is_document;
use super::{Dialect, Value, leaf};
use crate::Document;

/// The agreed name by which something is asked for that may be a function, or an object whose names are known: these are read where they are wanted.
pub(crate) const CHOICE: &str = "$choice";

pub(super) struct Parser {
    value: Value,
    manner: Manner,
    /// Where the members of a structure go that it does not know.
    others: Option<Others>,
}

/// Members that a structure does not know.
type Others = Rc<RefCell<Vec<(String, Value)>>>;

/// What reads a value or a part of it.
pub(super) trait Reads<'de>: Deserializer<'de, Error = Misfit> {
    fn reading(value: Value, manner: Manner) -> Self;
}

impl Reads<'_> for Parser {
    fn reading(value: Value, manner: Manner) -> Self {
        Self {
            value,
            manner,
            others: None,
        }
    }
}

impl Parser {
    fn misfit(&self, expected: &dyn Expected) -> Misfit {
        Misfit::of(&self.value, expected)
    }
}

impl<'de> Deserializer<'de> for Parser {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let within = self.manner.within();
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            Value::Float(value) => visitor.visit_f64(value),
            Value::Json(document) => number(&document, visitor),
            Value::String(value) => visitor.visit_string(value),
            Value::Bytes(value) => visitor.visit_bytes(&value),
            Value::Array(values) => visitor.visit_seq(Items::<Self>::new(values, within)),
            // Of a choice, which may turn out to be a structure: its names are not known here.
            Value::Object(entries) => visitor.visit_map(Entries::<Self> {
                of_choice: true,
                ..Entries::new(entries, within)
            }),
            Value::Stream(_)
            | Value::Kept { .. }
            | Value::Function(_)
            | Value::Output(_)
            | Value::Shared(_)
            | Value::Failure(_)
            | Value::Given { .. }
            | Value::Written(_)
            | Value::Unfit(_) => Err(self.misfit(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            // What is no text may still be text's bytes: a path of one byte, `/`, deletes a whole folder.
            Value::Bytes(_) if !self.manner.bytes_are_text => Err(self.misfit(&visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_string(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Object(entries) => {
                visitor.visit_map(Entries::<Self>::new(entries, self.manner.within()))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        // Whatever it is: a function or a stream too.
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Null if self.manner.dialect.null_is_absent() => visitor.visit_none(),
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
                    .map(|(key, value)| (self.manner.dialect.field(key, fields), value));
                let entries = match &self.others {
                    Some(others) => {
                        let (known, unknown) =
                            entries.partition(|(key, _)| fields.contains(&key.as_str()));
                        others.replace(unknown);
                        known
                    }
                    None => entries.collect::<Vec<_>>(),
                };
                for (name, _) in &entries {
                    self.manner.check(name, fields)?;
                }
                visitor.visit_map(Entries::<Self> {
                    fields,
                    ..Entries::new(entries, self.manner.within())
                })
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
            _ => Err(Misfit::other_than(&self.value, &one_of(variants))),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        if name == leaf::NAME {
            leaf::hand_over(self.value, self.manner.dialect);
            return visitor.visit_unit();
        }
        if name == CHOICE {
            return match self.value {
                Value::Function(_) | Value::Object(_) => visitor.visit_some(self),
                _ => self.deserialize_any(visitor),
            };
        }
        if name == DOCUMENT {
            return visitor.visit_some(Part {
                value: self.value,
                manner: self.manner,
            });
        }
        if name == OPEN || name == KEPT_OPEN {
            return visitor.visit_seq(Opened {
                value: Some(self.value),
                manner: self.manner,
                others: Others::default(),
                documents_only: name == KEPT_OPEN,
            });
        }
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct seq tuple tuple_struct identifier
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

/// The members of an object, each of which is read by `R`.
pub(super) struct Entries<R> {
    rest: std::vec::IntoIter<(String, Value)>,
    next: Option<(Segment, Value)>,
    manner: Manner,
    /// The names that the core gives them, as far as they are fields.
    fields: &'static [&'static str],
    of_choice: bool,
    read_by: PhantomData<R>,
}

impl<R> Entries<R> {
    pub(super) fn new(entries: Vec<(String, Value)>, manner: Manner) -> Self {
        Self {
            rest: entries.into_iter(),
            next: None,
            manner,
            fields: &[],
            of_choice: false,
            read_by: PhantomData,
        }
    }
}

impl<'de, R: Reads<'de>> de::MapAccess<'de> for Entries<R> {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        let field = self.fields.iter().find(|field| **field == key);
        let segment =
            field.map_or_else(|| Segment::Key(key.clone()), |field| Segment::Field(field));
        self.next = Some((segment, value));
        if self.of_choice {
            let dialect = self.manner.dialect;
            return seed.deserialize(Name { key, dialect }).map(Some);
        }
        let key: StringDeserializer<Misfit> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        let Some((segment, value)) = self.next.take() else {
            return Err(de::Error::custom("expected a name before its value"));
        };
        let value = seed.deserialize(R::reading(value, self.manner));
        value.map_err(|misfit| misfit.under(segment))
    }
}

/// The items of a list, each of which is read by `R`.
pub(super) struct Items<R> {
    rest: std::iter::Enumerate<std::vec::IntoIter<Value>>,
    manner: Manner,
    read_by: PhantomData<R>,
}

impl<R> Items<R> {
    pub(super) fn new(values: Vec<Value>, manner: Manner) -> Self {
        Self {
            rest: values.into_iter().enumerate(),
            manner,
            read_by: PhantomData,
        }
    }
}

impl<'de, R: Reads<'de>> de::SeqAccess<'de> for Items<R> {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some((index, value)) = self.rest.next() else {
            return Ok(None);
        };
        let item = seed.deserialize(R::reading(value, self.manner));
        item.map(Some)
            .map_err(|misfit| misfit.under(Segment::Index(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The two parts of an object: what a structure knows of it, and its other members.
struct Opened {
    value: Option<Value>,
    manner: Manner,
    others: Others,
    documents_only: bool,
}

impl<'de> de::SeqAccess<'de> for Opened {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let parser = if let Some(value) = self.value.take() {
            Parser {
                others: Some(Others::clone(&self.others)),
                ..Parser::reading(value, self.manner)
            }
        } else {
            let mut others = self.others.take();
            others.retain(|(_, value)| !self.documents_only || is_document(value));
            Parser::reading(Value::Object(others), self.manner)
        };
        seed.deserialize(parser).map(Some)
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
