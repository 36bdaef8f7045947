//! The form of a scenario file, and how a folder of them is read.

use std::fs;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::ReplayError;

/// One scenario, its marks still in place.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Where the file is below the folder of scenarios, without its ending: `digime/refreshToken/ok`.
    pub id: String,
    pub(crate) document: Value,
}

impl Scenario {
    /// Reads every scenario below `folder`, in the order of their ids.
    pub fn load_all(folder: &Path) -> Result<Vec<Self>, ReplayError> {
        let mut scenarios = Vec::new();
        load_below(folder, "", &mut scenarios)?;
        if scenarios.is_empty() {
            return Err(ReplayError::NoScenarios(folder.to_owned()));
        }
        scenarios.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(scenarios)
    }

    /// A platform that a test scripts itself, with calls that it makes itself: `http` as a scenario file has it.
    #[must_use]
    pub fn scripted(id: &str, http: &Value) -> Self {
        Self {
            id: id.to_owned(),
            document: json!({ "id": id, "init": {}, "steps": [], "http": http }),
        }
    }
}

fn load_below(folder: &Path, prefix: &str, into: &mut Vec<Scenario>) -> Result<(), ReplayError> {
    let unreadable = |path: &Path, source| ReplayError::Read {
        path: path.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            load_below(&path, &format!("{prefix}{stem}/"), into)?;
        } else if path.extension().is_some_and(|ending| ending == "json") {
            let content = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            into.push(parse(format!("{prefix}{stem}"), &content, path)?);
        }
    }
    Ok(())
}

fn parse(id: String, content: &[u8], path: PathBuf) -> Result<Scenario, ReplayError> {
    let read = || -> Result<(Value, Script), serde_json::Error> {
        let document: Value = serde_json::from_slice(content)?;
        let script = Script::deserialize(&document)?;
        Ok((document, script))
    };
    match read() {
        Ok((document, script)) if id.ends_with(&format!("/{}", script.id)) => {
            Ok(Scenario { id, document })
        }
        Ok((_, script)) => Err(ReplayError::Misplaced {
            path,
            id: script.id,
        }),
        Err(source) => Err(ReplayError::Form { path, source }),
    }
}

/// A scenario as its file has it. A misspelt field would weaken a test unseen, so unknown ones are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    id: String,
    #[serde(rename = "why", alias = "note", default)]
    _why: String,
    pub(crate) init: Map<String, Value>,
    pub(crate) steps: Vec<Step>,
    pub(crate) http: Vec<Exchange>,
}

/// One call and what must come of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) call: String,
    pub(crate) args: Value,
    pub(crate) expect: Expectation,
    #[serde(default)]
    pub(crate) partial: bool,
}

/// What must come of a call: one end, and the events on the way.
#[derive(Deserialize)]
#[serde(try_from = "ExpectationFields")]
pub(crate) struct Expectation {
    pub(crate) end: ExpectedEnd,
    pub(crate) events: Option<Value>,
}

pub(crate) enum ExpectedEnd {
    Result(Value),
    Error(Value),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectationFields {
    #[serde(default, deserialize_with = "even_null")]
    result: Option<Value>,
    error: Option<Value>,
    events: Option<Value>,
}

impl TryFrom<ExpectationFields> for Expectation {
    type Error = &'static str;

    fn try_from(fields: ExpectationFields) -> Result<Self, Self::Error> {
        let end = match (fields.result, fields.error) {
            (Some(result), None) => ExpectedEnd::Result(result),
            (None, Some(error)) => ExpectedEnd::Error(error),
            _ => return Err("`expect` needs either `result` or `error`"),
        };
        Ok(Self {
            end,
            events: fields.events,
        })
    }
}

/// One answer of the platform, and the request that must have asked for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    /// Method and path without query.
    pub(crate) on: String,
    pub(crate) response: Response,
    pub(crate) request: Option<RequestExpectation>,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) repeat: bool,
    #[serde(default)]
    pub(crate) partial: bool,
}

/// What the platform answers; at most one of the bodies is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Response {
    #[serde(deserialize_with = "status")]
    pub(crate) status: StatusCode,
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) json: Option<Value>,
    pub(crate) text: Option<String>,
    pub(crate) bytes: Option<String>,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
}

/// What must have been sent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RequestExpectation {
    pub(crate) method: Option<Value>,
    pub(crate) path: Option<Value>,
    #[serde(default)]
    pub(crate) headers: Map<String, Value>,
    pub(crate) bearer: Option<Map<String, Value>>,
    pub(crate) file_descriptor: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "even_null")]
    pub(crate) json: Option<Value>,
    pub(crate) bytes: Option<String>,
    pub(crate) decrypted: Option<String>,
}

/// Keeps a field that is `null` apart from one that is not there.
fn even_null<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(field).map(Some)
}

fn status<'de, D: Deserializer<'de>>(field: D) -> Result<StatusCode, D::Error> {
    StatusCode::from_u16(u16::deserialize(field)?).map_err(serde::de::Error::custom)
}
