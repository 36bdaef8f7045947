//! The parameters of a search or of a query, as an application gives them.

use std::fmt;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use url::Url;

use crate::Document;

/// Parameters by their names. A value is a string, a number or a boolean, or a list of them for a parameter that is repeated. Numbers
/// are sent with the digits in which they are given.
#[derive(Debug, Clone, Default)]
pub struct QueryParameters(Vec<(String, Document)>);

impl<'de> Deserialize<'de> for QueryParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Parameters)
    }
}

struct Parameters;

impl<'de> Visitor<'de> for Parameters {
    type Value = QueryParameters;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<QueryParameters, A::Error> {
        let mut parameters = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Document>()? {
            let fits = match value.items() {
                Some(values) => values.iter().all(is_simple),
                None => is_simple(&value),
            };
            if !fits {
                return Err(de::Error::custom(format_args!(
                    "the parameter {name} must be a string, a number or a boolean, or a list of them"
                )));
            }
            parameters.push((name, value));
        }
        Ok(QueryParameters(parameters))
    }
}

fn is_simple(value: &Document) -> bool {
    matches!(value.kind(), "a string" | "a number" | "a boolean")
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for QueryParameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(parameters: I) -> Self {
        let parameters = parameters.into_iter();
        Self(
            parameters
                .map(|(name, value)| (name.into(), value.into().into()))
                .collect(),
        )
    }
}

impl QueryParameters {
    /// Adds them to the query of an address.
    pub(super) fn add_to(&self, url: &mut Url) {
        if self.0.is_empty() {
            return;
        }
        let mut query = url.query_pairs_mut();
        for (name, value) in &self.0 {
            let mut add = |value: &Document| {
                let text = value.string();
                query.append_pair(name, text.as_deref().unwrap_or_else(|| value.text()));
            };
            match value.items() {
                Some(values) => values.iter().for_each(&mut add),
                None => add(value),
            }
        }
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for QueryParameters {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "QueryParameters".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = <serde_json::Map<String, Value>>::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "Parameters by their names. A value is a string, a number or a boolean, or a list of them for a parameter that is repeated. Numbers are sent with the digits in which they are given.".into(),
        );
        schema
    }
}
