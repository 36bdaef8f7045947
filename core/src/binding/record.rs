//! Records that applications keep: of their members the core's are spelled as the language does, and those that it does not know cross the
//! border as they are, both ways.

use serde::{Serialize, Serializer};

use super::{Dialect, Value, serialize_leaf};

/// A record on its way to the application.
pub(crate) struct Told(Value);

impl Told {
    /// `members` are the names that the core knows.
    pub(crate) fn new<T: Serialize>(record: &T, members: &[&str], dialect: Dialect) -> Self {
        // As the wire spells it.
        let record = Dialect::JavaScript.value_of(record);
        Self(match record {
            Value::Object(entries) => {
                let entries = entries.into_iter().map(|(name, value)| {
                    let known = members.contains(&name.as_str());
                    let spelled = known.then(|| dialect.spell(&name).into_owned());
                    (spelled.unwrap_or(name), value)
                });
                Value::Object(entries.collect())
            }
            other => other,
        })
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_leaf(serializer, self.0.clone())
    }
}

/// What an application gave, a record or a list of them, with the names that the core knows as the wire spells them. Of the others those
/// stay that a later version of the SDK may have written: documents, whose names do not open with an underscore.
pub(crate) fn given(answer: Value, members: &'static [&'static str]) -> Value {
    match answer {
        Value::Array(records) => {
            let records = records.into_iter().map(|record| given(record, members));
            Value::Array(records.collect())
        }
        Value::Object(entries) => {
            let entries = entries.into_iter().filter_map(|(name, value)| {
                // An application may give either spelling, whatever its language: records come from wherever it keeps them.
                let name = Dialect::Python.field(name, members);
                let stays = members.contains(&name.as_str())
                    || (!name.starts_with('_') && is_document(&value));
                stays.then_some((name, value))
            });
            Value::Object(entries.collect())
        }
        other => other,
    }
}

/// Whether a value is data through and through.
pub(super) fn is_document(value: &Value) -> bool {
    match value {
        Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Json(_)
        | Value::String(_) => true,
        Value::Written(value) => is_document(value),
        Value::Array(items) => items.iter().all(is_document),
        Value::Object(entries) => entries.iter().all(|(_, value)| is_document(value)),
        _ => false,
    }
}
