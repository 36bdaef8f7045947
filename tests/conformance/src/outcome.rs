//! What came of a call, as a runner reports it, and its comparison with what a step expects.

use digime_sdk::describe::error_classes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::comparison::{Extent, differences, differs};
use crate::scenario::{ExpectedEnd, Step};

/// What came of one call.
#[derive(Clone, Debug, Deserialize)]
pub struct Outcome {
    /// How the call ended.
    #[serde(flatten)]
    pub end: End,
    /// The callbacks that it made, in order.
    #[serde(default)]
    pub events: Vec<Event>,
}

/// How a call ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum End {
    /// It returned this; `null` when it resolves to nothing.
    Result(Value),
    /// It failed.
    Error(Box<Failure>),
}

/// An error as the caller of the SDK sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Failure {
    /// The name of its class.
    pub class: String,
    /// Its `name`.
    pub name: String,
    /// Its message.
    pub message: String,
    /// The platform's error, where it carries one: `code`, `message`, `reference`, `statusCode`, `statusMessage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
    /// The `statusCode` of the answer that caused it, where it carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Value>,
    /// Its stable code, where it carries one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Value>,
}

/// One callback that the SDK made.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Event {
    /// The name by which the scenario's `$callback` mark calls it.
    pub callback: String,
    /// What it was called with.
    pub argument: Value,
}

/// Calls of whose `response` only the status and the body are recorded: its headers differ from run to run.
const RESPONSE_RECORDED_IN_PART: [&str; 2] = ["deleteAccount", "deleteUser"];

/// What the JavaScript SDK refuses with beyond the classes that all languages have: the error of its JWT library, handed on.
const REFUSAL_OF_THE_JAVASCRIPT_SDK: &str = "JsonWebTokenError";

/// The differences between what a step expects and what came of it.
pub(crate) fn failures(path: &str, step: &Step, outcome: &Outcome) -> Vec<String> {
    let extent = Extent::of(step.partial);
    let mut failures = match (&step.expect.end, &outcome.end) {
        (ExpectedEnd::Result(expected), End::Result(got)) => {
            let got = recorded_part(&step.call, expected, got.clone());
            differences(&format!("{path}.result"), expected, &got, extent)
        }
        (ExpectedEnd::Error(expected), End::Error(got)) => {
            error(&format!("{path}.error"), expected, got, extent)
        }
        (ExpectedEnd::Result(_), End::Error(got)) => {
            vec![differs(path, "a result", &json!({ "error": got }))]
        }
        (ExpectedEnd::Error(_), End::Result(got)) => {
            vec![differs(path, "an error", &json!({ "result": got }))]
        }
    };
    let none = json!([]);
    let expected = match &step.expect.events {
        None if step.partial => None,
        listed => Some(listed.as_ref().unwrap_or(&none)),
    };
    if let Some(expected) = expected {
        failures.extend(events(
            &format!("{path}.events"),
            expected,
            &outcome.events,
            extent,
        ));
    }
    failures
}

fn events(path: &str, expected: &Value, got: &[Event], extent: Extent) -> Vec<String> {
    const ERROR: &str = "/argument/error";
    let mut got = json!(got);
    let pairs = expected.as_array().into_iter().flatten();
    for (expected, got) in pairs.zip(got.as_array_mut().into_iter().flatten()) {
        if let (Some(expected), Some(got)) = (expected.pointer(ERROR), got.pointer_mut(ERROR)) {
            drop_unlisted_code(expected, got);
        }
    }
    differences(path, expected, &got, extent)
}

fn recorded_part(call: &str, expected: &Value, mut got: Value) -> Value {
    if RESPONSE_RECORDED_IN_PART.contains(&call)
        && let Some(response) = got.get_mut("response").and_then(Value::as_object_mut)
    {
        response.retain(|field, _| field == "statusCode" || field == "body");
    }
    // A client may have calls that the JavaScript SDK has not.
    if let ("init", Some(recorded)) = (call, expected["methods"].as_array())
        && let Some(methods) = got.get_mut("methods").and_then(Value::as_array_mut)
    {
        methods.retain(|method| recorded.contains(method));
    }
    got
}

fn error(path: &str, expected: &Value, got: &Failure, extent: Extent) -> Vec<String> {
    if expected.get("$refused").is_some() {
        return refusal(path, got);
    }
    let mut got = json!(got);
    drop_unlisted_code(expected, &mut got);
    differences(path, expected, &got, extent)
}

/// The recorded errors have no code of their own; those that do may show it.
fn drop_unlisted_code(expected: &Value, got: &mut Value) {
    if expected.get("code").is_none() {
        got.as_object_mut().map(|fields| fields.remove("code"));
    }
}

/// Any other error than one of the SDK is an accident and refuses nothing.
fn refusal(path: &str, got: &Failure) -> Vec<String> {
    let mut deliberate = error_classes().into_iter().map(|row| row.class);
    if got.class == REFUSAL_OF_THE_JAVASCRIPT_SDK || deliberate.any(|class| class == got.class) {
        return Vec::new();
    }
    let path = format!("{path}.class");
    vec![differs(&path, "a class of the SDK", &json!(got.class))]
}
