//! An application's own word on how long to wait before a request is repeated.

use std::time::Duration;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};

use crate::Error;
use crate::binding::{HostFunction, Value};

/// A function of an application in another language that says how many milliseconds to wait; 0 ends the attempts.
#[derive(Debug, Clone)]
pub struct DelayFunction(HostFunction);

/// What the function is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RetryAttempt {
    /// How many attempts have failed.
    pub attempt_count: u32,
    /// The milliseconds that would be waited without the function.
    pub computed_value: u64,
    /// The `Retry-After` of the answer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl DelayFunction {
    /// The delay, none where the function ends the attempts.
    pub(crate) async fn ask(&self, attempt: RetryAttempt) -> Result<Option<Duration>, Error> {
        let milliseconds = match self.0.invoke(attempt).await? {
            Value::Integer(whole) => Duration::from_millis(u64::try_from(whole).unwrap_or(0)),
            Value::Float(number) => {
                Duration::try_from_secs_f64(number / 1000.0).unwrap_or_default()
            }
            _ => {
                return Err(Error::sdk(
                    "retryOptions.calculateDelay must return a number of milliseconds",
                ));
            }
        };
        Ok(Some(milliseconds).filter(|delay| !delay.is_zero()))
    }
}

impl<'de> Deserialize<'de> for DelayFunction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        HostFunction::deserialize(deserializer).map(Self)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for DelayFunction {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DelayFunction".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let argument = generator.subschema_for::<RetryAttempt>();
        json_schema!({ "x-host": "callback", "x-argument": argument, "x-answer": { "type": "number" } })
    }

    fn inline_schema() -> bool {
        true
    }
}
