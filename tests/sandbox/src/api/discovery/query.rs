//! How every directory is searched: which entries are meant, and which of their members are told.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::error::ApiError;

/// The member `query` of a body.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Texts of which one must be in the member of the same name.
    search: Map<String, Value>,
    /// A text that must be somewhere in the entry.
    #[serde(rename = "queryString")]
    text: Option<String>,
    /// The members that are told, `a.b` for one inside another.
    include: Option<Vec<String>>,
    /// Values of which one must be that of the member, or of its inner one: `{ id: [1] }`.
    filter: Map<String, Value>,
}

/// A body of this shape.
pub fn parse<T: DeserializeOwned>(body: Value) -> Result<T, ApiError> {
    serde_path_to_error::deserialize(body)
        .map_err(|error| ApiError::validation(format!("{} is not what it must be", error.path())))
}

impl Query {
    /// The entries that are meant, whole.
    pub fn matching(&self, entries: Vec<Value>) -> Result<Vec<Value>, ApiError> {
        let mut matching = Vec::new();
        for entry in entries {
            if self.means(&entry)? {
                matching.push(entry);
            }
        }
        Ok(matching)
    }

    fn means(&self, entry: &Value) -> Result<bool, ApiError> {
        for (name, filter) in &self.filter {
            if !passes(&entry[name], filter, &format!("query.filter.{name}"))? {
                return Ok(false);
            }
        }
        for (name, texts) in &self.search {
            let texts = texts
                .as_array()
                .ok_or_else(|| refused(&format!("query.search.{name}")))?;
            let found = |text: &Value| {
                text.as_str()
                    .is_some_and(|text| mentions(&entry[name], text))
            };
            if !texts.iter().any(found) {
                return Ok(false);
            }
        }
        let text = self.text.as_deref();
        Ok(text.is_none_or(|text| mentions(entry, text)))
    }

    /// What is told of an entry.
    pub fn told(&self, entry: Value) -> Value {
        let Some(include) = &self.include else {
            return entry;
        };
        let mut told = json!({});
        for path in include {
            let (outer, inner) = path.split_once('.').unwrap_or((path, ""));
            match entry.get(outer) {
                Some(member) if inner.is_empty() => told[outer] = member.clone(),
                Some(Value::Object(member)) if member.contains_key(inner) => {
                    told[outer][inner] = member[inner].clone();
                }
                _ => {}
            }
        }
        told
    }
}

/// Whether a member is one of those that a filter lists. A filter on a member that the entries do not have is refused,
/// because it would let nothing pass without a word.
fn passes(member: &Value, filter: &Value, path: &str) -> Result<bool, ApiError> {
    match (member, filter) {
        (Value::Null, _) => Err(refused(path)),
        (Value::Array(members), filter) => {
            for member in members {
                if passes(member, filter, path)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (member, Value::Array(values)) => Ok(values.contains(member)),
        (Value::Object(member), Value::Object(filters)) => {
            for (name, filter) in filters {
                let member = member.get(name).unwrap_or(&Value::Null);
                if !passes(member, filter, &format!("{path}.{name}"))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Err(refused(path)),
    }
}

/// Whether a text is in a value, in whatever case.
fn mentions(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value.to_lowercase().contains(&text.to_lowercase()),
        Value::Array(values) => values.iter().any(|value| mentions(value, text)),
        Value::Object(members) => members.values().any(|value| mentions(value, text)),
        _ => false,
    }
}

fn refused(path: &str) -> ApiError {
    ApiError::validation(format!("{path} is not what it must be"))
}
