//! What an application says to a platform: the members that the SDK knows, as a type, and those that it does not, which go along as they are.
//!
//! It asks its deserializer for a newtype of an agreed name. That of an application's values answers with two parts: what is known, spelled as
//! the wire does, and the rest; any other has the whole read from JSON.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer, forward_to_deserialize_any};

use super::Document;
use super::reading::read_part;
use crate::binding;

/// What the SDK knows as `T`, and may have members beside it: they are sent as they are given, since one that narrows what is asked for must
/// not be lost.
#[derive(Debug, Clone, Default)]
pub struct Open<T> {
    known: T,
    other: Others,
}

impl<T> Open<T> {
    /// The same with a member that the SDK does not know.
    #[must_use]
    pub fn with(mut self, name: &str, member: impl Into<Document>) -> Self {
        self.other.0.push((name.to_owned(), member.into()));
        self
    }

    /// The same without members of this name that the SDK does not know.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.other.0.retain(|(other, _)| other != name);
        self
    }
}

impl<T> From<T> for Open<T> {
    fn from(known: T) -> Self {
        Self {
            known,
            other: Others::default(),
        }
    }
}

impl<T> Deref for Open<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.known
    }
}

impl<T> DerefMut for Open<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.known
    }
}

impl<T: Serialize> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Both<'a, T> {
            #[serde(flatten)]
            known: &'a T,
            #[serde(flatten)]
            other: &'a Others,
        }
        let Self { known, other } = self;
        Both { known, other }.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(binding::OPEN, Parts(PhantomData))
    }
}

/// Reads what an application keeps: what is known of it as `T`, and the documents among its other members. What else it keeps there is its own.
pub(crate) fn kept_open<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<(T, Others), D::Error> {
    let Open { known, other } =
        deserializer.deserialize_newtype_struct(binding::KEPT_OPEN, Parts(PhantomData))?;
    Ok((known, other))
}

struct Parts<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Parts<T> {
    type Value = Open<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Open<T>, A::Error> {
        let missing = || de::Error::custom("expected a part of an object");
        Ok(Open {
            known: parts.next_element()?.ok_or_else(missing)?,
            other: parts.next_element()?.ok_or_else(missing)?,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Open<T>, D::Error> {
        let document = Document::deserialize(deserializer)?;
        let known = read_part(document.text())?;
        let fields = fields_of::<T>();
        let members = document.members().unwrap_or_default().into_iter();
        let named = members.filter_map(|(name, member)| {
            let name: String = serde_json::from_str(name.get()).ok()?;
            let is_known = fields.contains(&name.as_str());
            (!is_known).then(|| (name, Document::from(member.to_owned())))
        });
        Ok(Open {
            known,
            other: Others(named.collect()),
        })
    }
}

/// The names of a structure's fields, as the wire spells them.
fn fields_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    struct Asked<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Asked<'_> {
        type Error = de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("only names are asked for"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
            tuple_struct map enum identifier ignored_any
        }
    }

    let mut fields: &'static [&'static str] = &[];
    // It fails when it has named them.
    let _ = T::deserialize(Asked(&mut fields));
    fields
}

#[cfg(feature = "__binding")]
impl<T: JsonSchema> JsonSchema for Open<T> {
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

/// Members that the SDK does not know, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Others(Vec<(String, Document)>);

impl Others {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(String, Document)> {
        self.0.iter()
    }
}

impl Serialize for Others {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, member)| (name, member)))
    }
}

impl<'de> Deserialize<'de> for Others {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Others;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Others, A::Error> {
                let mut others = Others::default();
                while let Some(member) = map.next_entry()? {
                    others.0.push(member);
                }
                Ok(others)
            }
        }

        deserializer.deserialize_map(Members)
    }
}
