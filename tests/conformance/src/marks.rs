//! Replaces the marks that only the replayer can know: keys, signed tokens and the addresses of its servers.

use serde_json::{Map, Value};

use crate::{jwt, keys};

/// Where the servers of one run are.
pub(crate) struct Places {
    pub(crate) origin: String,
    pub(crate) elsewhere: String,
}

impl Places {
    /// A copy of `value` without these marks. Those of the runner and of expectations stay.
    pub(crate) fn fill(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::String(text) => Ok(text
                .replace("{{origin}}", &self.origin)
                .replace("{{elsewhere}}", &self.elsewhere)
                .into()),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => {
                if let Some(name) = fields.get("$key") {
                    Ok(keys::private_pem(text(name)?)?.into())
                } else if let Some(name) = fields.get("$publicKey") {
                    Ok(keys::public_pem(text(name)?)?.into())
                } else if let Some(claims) = fields.get("$jwt") {
                    self.token(claims, fields)
                } else {
                    fields
                        .iter()
                        .map(|(name, field)| Ok((name.clone(), self.fill(field)?)))
                        .collect::<Result<Map<_, _>, String>>()
                        .map(Value::Object)
                }
            }
            other => Ok(other.clone()),
        }
    }

    fn token(&self, claims: &Value, mark: &Map<String, Value>) -> Result<Value, String> {
        let header = match mark.get("header").map(|header| self.fill(header)) {
            Some(filled) => match filled? {
                Value::Object(fields) => fields,
                other => return Err(format!("the header of a $jwt is {other}, not an object")),
            },
            None => Map::new(),
        };
        let key = mark.get("key").map_or(Ok(keys::PLATFORM), text)?;
        jwt::sign(&self.fill(claims)?, &header, keys::private_key(key)?).map(Value::String)
    }
}

fn text(name: &Value) -> Result<&str, String> {
    name.as_str()
        .ok_or_else(|| format!("{name} is not the name of a key"))
}
