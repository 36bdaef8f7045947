//! The faults that a test has asked for, and which of them are still to come.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What goes wrong.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum Fault {
    /// Another answer comes instead.
    Answer(Answer),
    /// The call comes late.
    Delay(Delay),
    /// The answer comes late: what was asked for is done at once.
    DelayAnswer(DelayAnswer),
    /// The answer breaks off.
    Truncate(Truncate),
    Named(Named),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(deserialize_with = "status")]
    pub status: StatusCode,
    #[serde(default, deserialize_with = "headers")]
    pub headers: HeaderMap,
    /// A text, or else JSON; null for none.
    #[serde(default)]
    pub body: Value,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delay {
    pub delay_ms: u64,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DelayAnswer {
    pub delay_answer_ms: u64,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Truncate {
    /// So many bytes of the body come.
    pub truncate_after: usize,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    /// The connection is reset before anything is done.
    Reset,
    /// What was asked for is done, and the connection is reset in place of the answer.
    LoseAnswer,
    /// The platform's token is signed by another key than the one it names.
    WrongSignature,
}

/// A fault of a route, and how often it is still to come.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// As `/_sandbox/requests` names it.
    pub route: String,
    pub fault: Fault,
    #[serde(default = "once")]
    pub count: u32,
}

fn once() -> u32 {
    1
}

/// The faults still to come, in the order in which they were asked for.
#[derive(Default)]
pub struct Faults {
    planned: Vec<Planned>,
}

impl Faults {
    pub fn plan(&mut self, planned: Planned) {
        self.planned.push(planned);
    }

    /// The next fault of a route.
    pub fn take(&mut self, route: &str) -> Option<Fault> {
        let next = self
            .planned
            .iter_mut()
            .find(|planned| planned.route == route && planned.count > 0)?;
        next.count -= 1;
        Some(next.fault.clone())
    }

    /// Forgets all faults, and tells how many were still to come.
    pub fn clear(&mut self) -> u32 {
        self.planned.drain(..).map(|planned| planned.count).sum()
    }
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
    StatusCode::from_u16(u16::deserialize(deserializer)?).map_err(Error::custom)
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderMap, D::Error> {
    let texts = HashMap::<String, String>::deserialize(deserializer)?;
    let header = |(name, value): (String, String)| {
        let name: HeaderName = name.parse().map_err(Error::custom)?;
        let value: HeaderValue = value.parse().map_err(Error::custom)?;
        Ok((name, value))
    };
    texts.into_iter().map(header).collect()
}
