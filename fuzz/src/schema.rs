//! Values as the SDK's own description of a type has them, most of the time: what fits is made by the type, so that what does not fit stands
//! anywhere in it.

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use digime_sdk::binding::{Dialect, Value};
use digime_sdk::describe::describe;
use serde_json::Value as Json;

use crate::{digime, pkb};

/// How deep values are.
const DEPTH: u32 = 5;

/// All that can be called: platform, name, schema of the options.
pub fn operations() -> &'static [(String, String, Json)] {
    static ALL: LazyLock<Vec<(String, String, Json)>> = LazyLock::new(|| {
        let mut all = Vec::new();
        for platform in list(&DESCRIBED["platforms"]) {
            for operation in list(&platform["operations"]) {
                all.push((
                    text(&platform["name"]),
                    text(&operation["name"]),
                    operation["options"].clone(),
                ));
            }
        }
        all
    });
    &ALL
}

/// The schema of a platform's configuration.
pub fn config(platform: &str) -> &'static Json {
    let platforms = list(&DESCRIBED["platforms"]);
    let found = platforms.iter().find(|known| known["name"] == platform);
    &found.unwrap()["config"]
}

/// The schema of the time-outs that every call takes.
pub fn timeouts() -> &'static Json {
    &DESCRIBED["everyCall"]["timeouts"]
}

static DESCRIBED: LazyLock<Json> = LazyLock::new(describe);

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

/// Makes values out of an input.
pub struct Maker<'a, 'b> {
    pub input: &'b mut Unstructured<'a>,
    pub dialect: Dialect,
}

impl Maker<'_, '_> {
    /// A value of a type, or now and then of none.
    pub fn of(&mut self, schema: &Json, path: &str, depth: u32) -> Result<Value> {
        if depth > 12 || self.input.ratio(1, 40)? {
            return self.anything(path, DEPTH);
        }
        if let Some(known) = known(path)
            && !self.input.ratio(1, 16)?
        {
            return Ok(known);
        }
        if let Some(to) = schema["$ref"].as_str() {
            let to = DESCRIBED.pointer(to.trim_start_matches('#'));
            return self.of(to.unwrap_or(&Json::Null), path, depth + 1);
        }
        if let Some(kind) = schema["x-host"].as_str() {
            return self.of_host(kind, path);
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            let choices = list(&schema[choice]);
            if !choices.is_empty() {
                let chosen = self.input.choose_index(choices.len())?;
                return self.of(&choices[chosen], path, depth + 1);
            }
        }
        let words = list(&schema["enum"]);
        if !words.is_empty() {
            let chosen = self.input.choose_index(words.len())?;
            return Ok(words[chosen].as_str().map_or(Value::Null, Value::from));
        }
        if let Some(word) = schema["const"].as_str() {
            return Ok(word.into());
        }
        let kind = match &schema["type"] {
            Json::Array(kinds) => kinds[self.input.choose_index(kinds.len())?].as_str(),
            kind => kind.as_str(),
        };
        match kind {
            Some("object") => self.object(schema, path, depth),
            Some("array") => {
                let many = self.input.int_in_range(0..=3)?;
                let items = (0..many)
                    .map(|index| self.of(&schema["items"], &format!("{path}[{index}]"), depth + 1));
                items.collect::<Result<_>>().map(Value::Array)
            }
            Some("string") => self.text(),
            Some("integer" | "number") => self.number(),
            Some("boolean") => self.input.arbitrary().map(Value::Bool),
            Some("null") => Ok(Value::Null),
            _ => self.anything(path, DEPTH),
        }
    }

    fn object(&mut self, schema: &Json, path: &str, depth: u32) -> Result<Value> {
        let mut entries = Vec::new();
        let required = list(&schema["required"]);
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let chance = if required.iter().any(|required| required == name) {
                self.input.ratio(19, 20)?
            } else {
                self.input.ratio(1, 3)?
            };
            if chance {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let value = self.of(property, &inner, depth + 1)?;
                entries.push((self.spelled(name)?, value));
            }
        }
        if self.input.ratio(1, 24)? {
            entries.push((self.name()?, self.anything(path, 2)?));
        }
        Ok(Value::Object(entries))
    }

    /// As the language has it, or as the other.
    fn spelled(&mut self, name: &str) -> Result<String> {
        if self.dialect == Dialect::JavaScript || self.input.ratio(1, 8)? {
            return Ok(name.to_owned());
        }
        let mut snake = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        }
        Ok(snake)
    }

    fn of_host(&mut self, kind: &str, path: &str) -> Result<Value> {
        match self.input.int_in_range(0..=5)? {
            0 => Ok(Value::Bytes(Bytes::copy_from_slice(
                self.input.arbitrary()?,
            ))),
            1 => Ok(Value::Stream(path.to_owned())),
            2 => Ok(Value::Kept {
                path: path.to_owned(),
                length: self.input.int_in_range(0..=64)?,
            }),
            3 => Ok(Value::Function(path.to_owned())),
            4 if kind == "store" => Ok("memory".into()),
            _ => self.anything(path, 2),
        }
    }

    fn text(&mut self) -> Result<Value> {
        Ok(match self.input.int_in_range(0..=9)? {
            0 => Value::text(&self.input.arbitrary::<Vec<u16>>()?),
            1..=3 => Value::from(self.input.arbitrary::<String>()?),
            4 => "".into(),
            5 => "https://pkb.invalid/fhir/Patient".into(),
            6 => "{\"resourceType\":\"Bundle\"}".into(),
            _ => "word".into(),
        })
    }

    fn number(&mut self) -> Result<Value> {
        Ok(match self.input.int_in_range(0..=5)? {
            0 => Value::Integer(self.input.arbitrary()?),
            1 => Value::Float(self.input.arbitrary()?),
            2 => {
                let digits: u128 = self.input.arbitrary()?;
                digits.to_string().parse().map_or(Value::Null, Value::Json)
            }
            3 => Value::Integer(0),
            _ => Value::Integer(self.input.int_in_range(0..=100_000)?),
        })
    }

    fn name(&mut self) -> Result<String> {
        Ok(match self.input.int_in_range(0..=3)? {
            0 => "__proto__".to_owned(),
            1 => "timeouts".to_owned(),
            _ => self.input.arbitrary()?,
        })
    }

    /// A value of JSON alone.
    pub fn json(&mut self, depth: u32) -> Result<Value> {
        let most = if depth == 0 { 5 } else { 7 };
        Ok(match self.input.int_in_range(0..=most)? {
            0 => Value::Null,
            1 => Value::Bool(self.input.arbitrary()?),
            2 => Value::Integer(self.input.arbitrary()?),
            3 => Value::Float(self.input.arbitrary()?),
            4 | 5 => Value::from(self.input.arbitrary::<String>()?),
            6 => {
                let many = self.input.int_in_range(0..=3)?;
                let items = (0..many).map(|_| self.json(depth - 1));
                Value::Array(items.collect::<Result<_>>()?)
            }
            _ => {
                let many = self.input.int_in_range(0..=3)?;
                let entries = (0..many).map(|_| Ok((self.name()?, self.json(depth - 1)?)));
                Value::Object(entries.collect::<Result<_>>()?)
            }
        })
    }

    /// A value of any kind.
    pub fn anything(&mut self, path: &str, depth: u32) -> Result<Value> {
        Ok(match self.input.int_in_range(0..=7)? {
            0 => Value::Bytes(Bytes::copy_from_slice(self.input.arbitrary()?)),
            1 => Value::Stream(path.to_owned()),
            2 => Value::Function(path.to_owned()),
            3 => Value::Kept {
                path: path.to_owned(),
                length: self.input.arbitrary()?,
            },
            4 => self.text()?,
            5 => self.number()?,
            _ => self.json(depth)?,
        })
    }
}

/// What makes a call go on, by where it stands.
fn known(path: &str) -> Option<Value> {
    let last = path.rsplit('.').next()?;
    Some(match last {
        "privateKey" => digime::CONTRACT_KEY.into(),
        "sessionKey" => digime::SESSION.into(),
        "value" if path.ends_with("accessToken.value") => digime::ACCESS.into(),
        "value" if path.ends_with("refreshToken.value") => digime::REFRESH.into(),
        "expiry" => Value::Integer(4_102_444_800),
        "appUserId" => pkb::ALICE.into(),
        "encryptionKey" => pkb::KEY.into(),
        "clientSecret" => pkb::CLIENT_SECRET.into(),
        _ => return None,
    })
}
