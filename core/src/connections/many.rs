//! What there may be more of than has room in memory: an iterator, or what an application's own language gives one portion after the other.

use std::fmt;
use std::marker::PhantomData;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error as _, SeqAccess, Unexpected, Visitor,
};

use crate::Error;
use crate::binding::{self, HostFunction};

/// Any number of things, of which few are in memory at once: made of whatever can be iterated over, a `Vec` or the rows of a table. It is
/// advanced where its call runs, so whatever it waits for holds up others that run there.
pub struct Many<T> {
    source: Source<T>,
    taken: usize,
}

enum Source<T> {
    Native(Box<dyn Iterator<Item = T> + Send>),
    Host(HostFunction),
}

impl<T> Many<T> {
    fn of(source: Source<T>) -> Self {
        Self { source, taken: 0 }
    }
}

impl<T, I> From<I> for Many<T>
where
    I: IntoIterator<Item = T>,
    I::IntoIter: Send + 'static,
{
    fn from(items: I) -> Self {
        Self::of(Source::Native(Box::new(items.into_iter().fuse())))
    }
}

impl<T: DeserializeOwned> Many<T> {
    /// Up to `limit` more of them; none after the last. Those of another language are read as a list would be that stood at `path`.
    pub(crate) async fn next(&mut self, limit: u32, path: &'static str) -> Result<Vec<T>, Error> {
        let function = match &mut self.source {
            Source::Native(items) => {
                return Ok(items
                    .take(usize::try_from(limit).unwrap_or(usize::MAX))
                    .collect());
            }
            Source::Host(function) => function,
        };
        let portion = function.invoke(limit).await?;
        let portion = binding::parse_portion(portion, function.dialect(), path, self.taken)?;
        self.taken += portion.len();
        Ok(portion)
    }
}

impl<'de, T: Deserialize<'de> + Send + 'static> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Given<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Send + 'static> Visitor<'de> for Given<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array, or whatever else can be iterated over")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Many<T>, A::Error> {
                let mut all = Vec::with_capacity(items.size_hint().unwrap_or_default());
                while let Some(item) = items.next_element()? {
                    all.push(item);
                }
                Ok(all.into())
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                list: D,
            ) -> Result<Many<T>, D::Error> {
                list.deserialize_seq(self)
            }

            fn visit_some<D: Deserializer<'de>>(self, function: D) -> Result<Many<T>, D::Error> {
                let function = HostFunction::deserialize(function)
                    .map_err(|_| D::Error::invalid_type(Unexpected::Map, &self))?;
                Ok(Many::of(Source::Host(function)))
            }
        }

        deserializer.deserialize_newtype_struct(binding::CHOICE, Given(PhantomData))
    }
}

#[cfg(feature = "__binding")]
impl<T: JsonSchema> JsonSchema for Many<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ManyOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "x-host": "many", "x-item": item })
    }

    fn inline_schema() -> bool {
        true
    }
}
