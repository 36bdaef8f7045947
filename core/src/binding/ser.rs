//! From a typed response to a [`Value`]: an SDK structure is spelled as its language does, a document is left as it is.
//!
//! A type that serializes as a struct belongs to the SDK; one that serializes as a map is a document of the platform, or one
//! that applications store and share between languages, whose keys are the same everywhere.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

use super::{Dialect, Value, leaf};
use crate::Error;

pub(super) fn to_value<T: Serialize>(response: &T, dialect: Dialect) -> Result<Value, Error> {
    response
        .serialize(Builder { dialect })
        .map_err(|Unfit(reason)| Error::sdk(reason))
}

#[derive(Clone, Copy)]
struct Builder {
    dialect: Dialect,
}

#[derive(Debug)]
struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self(reason.to_string())
    }
}

type Built = Result<Value, Unfit>;

impl Serializer for Builder {
    type Ok = Value;
    type Error = Unfit;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = Impossible<Value, Unfit>;
    type SerializeTupleVariant = Impossible<Value, Unfit>;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Impossible<Value, Unfit>;

    fn serialize_bool(self, v: bool) -> Built {
        Ok(Value::Bool(v))
    }

    fn serialize_i8(self, v: i8) -> Built {
        self.serialize_i64(v.into())
    }

    fn serialize_i16(self, v: i16) -> Built {
        self.serialize_i64(v.into())
    }

    fn serialize_i32(self, v: i32) -> Built {
        self.serialize_i64(v.into())
    }

    fn serialize_i64(self, v: i64) -> Built {
        Ok(Value::Integer(v))
    }

    fn serialize_u8(self, v: u8) -> Built {
        self.serialize_i64(v.into())
    }

    fn serialize_u16(self, v: u16) -> Built {
        self.serialize_i64(v.into())
    }

    fn serialize_u32(self, v: u32) -> Built {
        self.serialize_i64(v.into())
    }

    fn serialize_u64(self, v: u64) -> Built {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a number beyond 2^63 is what it would be in any JSON reader of the host"
        )]
        Ok(i64::try_from(v).map_or(Value::Float(v as f64), Value::Integer))
    }

    fn serialize_f32(self, v: f32) -> Built {
        self.serialize_f64(v.into())
    }

    fn serialize_f64(self, v: f64) -> Built {
        Ok(Value::Float(v))
    }

    fn serialize_char(self, v: char) -> Built {
        Ok(Value::String(v.to_string()))
    }

    fn serialize_str(self, v: &str) -> Built {
        Ok(Value::from(v))
    }

    fn serialize_bytes(self, v: &[u8]) -> Built {
        Ok(Value::Bytes(bytes::Bytes::copy_from_slice(v)))
    }

    fn serialize_none(self) -> Built {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Built {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Built {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Built {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Built {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Built {
        if name == leaf::NAME {
            return leaf::take_returned()
                .ok_or_else(|| ser::Error::custom("a value was lost on its way"));
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Built {
        Ok(Value::Object(vec![(
            variant.to_owned(),
            value.serialize(self)?,
        )]))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<List, Unfit> {
        Ok(List {
            items: Vec::with_capacity(len.unwrap_or(0)),
            builder: self,
        })
    }

    fn serialize_tuple(self, len: usize) -> Result<List, Unfit> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, Unfit> {
        Err(Unfit(format!(
            "{name}: tuple structs have no form in other languages"
        )))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Unfit> {
        Err(Unfit(format!(
            "{name}: variants with fields have no form in other languages"
        )))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Members, Unfit> {
        Ok(Members {
            entries: Vec::with_capacity(len.unwrap_or(0)),
            key: String::new(),
            builder: self,
        })
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Members, Unfit> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Unfit> {
        Err(Unfit(format!(
            "{name}: variants with fields have no form in other languages"
        )))
    }
}

struct List {
    items: Vec<Value>,
    builder: Builder,
}

impl ser::SerializeSeq for List {
    type Ok = Value;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.items.push(value.serialize(self.builder)?);
        Ok(())
    }

    fn end(self) -> Built {
        Ok(Value::Array(self.items))
    }
}

impl ser::SerializeTuple for List {
    type Ok = Value;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Built {
        ser::SerializeSeq::end(self)
    }
}

struct Members {
    entries: Vec<(String, Value)>,
    key: String,
    builder: Builder,
}

impl ser::SerializeMap for Members {
    type Ok = Value;
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        match key.serialize(self.builder)? {
            Value::String(key) => {
                self.key = key;
                Ok(())
            }
            other => Err(Unfit(format!(
                "the key of a map must be a string, got {}",
                other.kind()
            ))),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        let value = value.serialize(self.builder)?;
        self.entries.push((std::mem::take(&mut self.key), value));
        Ok(())
    }

    fn end(self) -> Built {
        Ok(Value::Object(self.entries))
    }
}

impl ser::SerializeStruct for Members {
    type Ok = Value;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        let value = value.serialize(self.builder)?;
        self.entries
            .push((self.builder.dialect.spell(key).into_owned(), value));
        Ok(())
    }

    fn end(self) -> Built {
        Ok(Value::Object(self.entries))
    }
}
