//! The parameters of a search or of a query, as an application gives them.

use schemars::JsonSchema;
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

/// Parameters by their names. A value is a string, a number or a boolean, or a list of them for a parameter that is repeated.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct QueryParameters(Map<String, Value>);

impl<'de> Deserialize<'de> for QueryParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Map::deserialize(deserializer)?;
        for (name, value) in &map {
            let simple =
                |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
            let fits = match value {
                Value::Array(values) => values.iter().all(simple),
                value => simple(value),
            };
            if !fits {
                return Err(de::Error::custom(format_args!(
                    "the parameter {name} must be a string, a number or a boolean, or a list of them"
                )));
            }
        }
        Ok(Self(map))
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for QueryParameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(parameters: I) -> Self {
        let parameters = parameters.into_iter();
        Self(
            parameters
                .map(|(name, value)| (name.into(), value.into()))
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
            let mut add = |value: &Value| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                query.append_pair(name, &text);
            };
            match value {
                Value::Array(values) => values.iter().for_each(&mut add),
                value => add(value),
            }
        }
    }
}
