//! The recorded scenarios, played with the core by the door that the bindings use.

#![expect(clippy::unwrap_used, reason = "a test fails where its assumptions do")]

use std::collections::HashMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use digime_conformance::{End, Event, Failure, Outcome, Run, SCENARIOS, Scenario};
use digime_sdk::binding::{Call, Client, Config, Dialect, Reply, Step, Value};
use digime_sdk::digime;
use serde_json::{Value as Json, json};

/// What of a call's arguments stays with the caller, by path: the chunks of streams, and the names of callbacks.
#[derive(Default)]
struct Kept {
    streams: HashMap<String, std::vec::IntoIter<Bytes>>,
    callbacks: HashMap<String, String>,
}

impl Kept {
    /// The value that a scenario means; none for a field to leave out.
    fn decode(&mut self, value: &Json, path: &str, results: &[Json]) -> Option<Value> {
        Some(match value {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Integer),
            Json::String(text) => Value::String(text.clone()),
            Json::Array(items) => {
                let items = items.iter().enumerate();
                Value::Array(
                    items
                        .filter_map(|(i, item)| self.decode(item, &format!("{path}[{i}]"), results))
                        .collect(),
                )
            }
            Json::Object(fields) => {
                if fields.contains_key("$undefined") {
                    return None;
                } else if let Some(bytes) = fields.get("$bytes") {
                    Value::Bytes(decoded(bytes))
                } else if let Some(bytes) = fields.get("$stream") {
                    let size = fields
                        .get("chunk")
                        .and_then(Json::as_u64)
                        .unwrap_or(u64::from(u32::MAX));
                    let size = usize::try_from(size).unwrap();
                    let chunks: Vec<Bytes> = decoded(bytes)
                        .chunks(size)
                        .map(Bytes::copy_from_slice)
                        .collect();
                    self.streams.insert(path.to_owned(), chunks.into_iter());
                    Value::Stream(path.to_owned())
                } else if let Some(name) = fields.get("$callback") {
                    self.callbacks
                        .insert(path.to_owned(), name.as_str().unwrap().to_owned());
                    Value::Function(path.to_owned())
                } else if let Some(step) = fields.get("$prior") {
                    let step: usize = step.as_str().unwrap().parse().unwrap();
                    return self.decode(&results[step], path, results);
                } else {
                    let member = |name: &str| {
                        if path.is_empty() {
                            name.to_owned()
                        } else {
                            format!("{path}.{name}")
                        }
                    };
                    let fields = fields.iter().filter_map(|(name, value)| {
                        Some((name.clone(), self.decode(value, &member(name), results)?))
                    });
                    Value::Object(fields.collect())
                }
            }
        })
    }
}

fn decoded(text: &Json) -> Bytes {
    STANDARD.decode(text.as_str().unwrap()).unwrap().into()
}

fn encode(value: &Value) -> Json {
    if let Value::Failure(error) = value {
        let End::Error(failure) = failure(&error.to_value(Dialect::JavaScript)) else {
            panic!()
        };
        return json!(failure);
    }
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::Float(value) => json!(value),
        Value::String(value) => json!(value),
        Value::Json(document) => document.to_value().unwrap(),
        Value::Bytes(bytes) => json!({ "$bytes": STANDARD.encode(bytes) }),
        Value::Shared(shared) => encode(shared),
        Value::Given { value, .. } => encode(value),
        Value::Array(items) => items.iter().map(encode).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), encode(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        _ => panic!("{value:?} came back from the core"),
    }
}

fn failure(error: &Value) -> End {
    let error = encode(error);
    let text = |name: &str| error[name].as_str().unwrap().to_owned();
    let field = |name: &str| error["fields"].get(name).cloned();
    let status = field("response").map(|response| json!({ "statusCode": response["statusCode"] }));
    End::Error(Box::new(Failure {
        class: text("class"),
        name: text("name"),
        message: text("message"),
        error: field("error"),
        response: status,
        code: error.get("code").cloned(),
    }))
}

fn open(config: &Json) -> Result<Client, digime_sdk::Error> {
    let config = Kept::default().decode(config, "", &[]).unwrap();
    Config::read("digime", config, Dialect::JavaScript).and_then(Client::open)
}

fn init(args: &Json) -> End {
    match open(args) {
        Ok(_) => {
            let mut methods = digime::NAMES.to_vec();
            methods.sort_unstable();
            End::Result(json!({ "methods": methods }))
        }
        Err(error) => failure(&error.to_value(Dialect::JavaScript)),
    }
}

async fn call(client: &Client, name: &str, args: &Json, results: &[Json]) -> Outcome {
    let mut kept = Kept::default();
    let options = kept.decode(args, "", results).unwrap_or(Value::Null);
    let mut events = Vec::new();
    let call = match Call::start(client, name, options, Dialect::JavaScript) {
        Ok(call) => call,
        Err(error) => {
            return Outcome {
                end: failure(&error.to_value(Dialect::JavaScript)),
                events,
            };
        }
    };
    let mut reply = None;
    let end = loop {
        reply = match call.next(reply).await {
            Step::Done(value) => break End::Result(recorded(name, whole(value).await)),
            Step::Failed(error) => break failure(&error),
            Step::Read { path } => {
                let chunk = kept.streams.get_mut(&path).unwrap().next();
                Some(Reply::Value(chunk.map_or(Value::Null, Value::Bytes)))
            }
            Step::Invoke { path, argument } => {
                events.push(Event {
                    callback: kept.callbacks[&path].clone(),
                    argument: encode(&argument),
                });
                Some(Reply::Value(Value::Null))
            }
            Step::ReadKept { path, .. } => panic!("{path} is never kept"),
            Step::Closed => panic!("{name} was closed by nobody"),
        };
    };
    Outcome { end, events }
}

/// The result, streams read to their end.
async fn whole(value: Value) -> Json {
    match value {
        Value::Output(stream) => {
            let mut content = Vec::new();
            while let Some(chunk) = stream.next().await {
                content.extend_from_slice(&chunk.unwrap());
            }
            json!({ "$bytes": STANDARD.encode(content) })
        }
        Value::Object(fields) => {
            let mut read = serde_json::Map::new();
            for (name, value) in fields {
                read.insert(name, Box::pin(whole(value)).await);
            }
            read.into()
        }
        other => encode(&other),
    }
}

/// The JavaScript SDK's `readAllFiles` ends with the status alone.
fn recorded(name: &str, result: Json) -> Json {
    if name == "readAllFiles" {
        result["status"].clone()
    } else {
        result
    }
}

async fn replay(scenario: &Scenario) -> Vec<String> {
    let run = Run::start(scenario).await.unwrap();
    let client = open(&run.init).unwrap();
    let mut outcomes = Vec::new();
    let mut results = Vec::new();
    for step in run.calls.clone() {
        let outcome = if step.call == "init" {
            Outcome {
                end: init(&step.args),
                events: Vec::new(),
            }
        } else {
            call(&client, &step.call, &step.args, &results).await
        };
        results.push(if let End::Result(result) = &outcome.end {
            result.clone()
        } else {
            Json::Null
        });
        outcomes.push(outcome);
    }
    run.finish(outcomes).await
}

#[tokio::test]
async fn the_core_passes_every_recorded_scenario() {
    let scenarios = Scenario::load_all(Path::new(SCENARIOS)).unwrap();
    let mut failed = Vec::new();
    for scenario in &scenarios {
        failed.extend(
            replay(scenario)
                .await
                .into_iter()
                .map(|failure| format!("{}: {failure}", scenario.id)),
        );
    }
    println!("{} scenarios", scenarios.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
