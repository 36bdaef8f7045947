//! A binding of a few lines: values as JSON has them, a call's steps, and its requests, which a test carries.

use std::sync::Arc;

use bytes::Bytes;
use digime_sdk::World;
use digime_sdk::binding::{self, Call, Dialect, Exchange, Reply, Step, Value};
use digime_sdk::digime::{Client, Config};
use digime_sdk::transport::HostTransport;
use digime_sdk::world::Clock;
use serde_json::{Value as Json, json};

use crate::sandbox::CONTRACT_KEY;
use crate::scripted::TestClock;

pub const FETCH: &str = "config.fetch";

pub fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => Value::Integer(number.as_i64().unwrap()),
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::Array(items.into_iter().map(value).collect()),
        Json::Object(members) => {
            let members = members.into_iter();
            Value::Object(members.map(|(name, json)| (name, value(json))).collect())
        }
    }
}

/// A world whose requests the binding carries.
pub fn carried(clock: &Arc<TestClock>) -> World {
    World {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        transport: Arc::new(HostTransport::new(FETCH)),
        ..World::real().unwrap()
    }
}

/// A client of digi.me whose requests the binding carries.
pub fn client(clock: &Arc<TestClock>) -> binding::Client {
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.base_url = Some("http://platform.invalid/v1.7/".to_owned());
    config.cloud_base_url = Some("http://cloud.invalid/v1/".to_owned());
    binding::Client::DigiMe(Client::in_world(config, carried(clock)).unwrap())
}

/// What every call of a user's is given.
pub fn asking(more: &Json) -> Value {
    let token = |value: &str| json!({ "value": value, "expiry": 4_102_444_800_u64 });
    let mut asked = json!({
        "contractDetails": { "contractId": "test-contract-id", "privateKey": CONTRACT_KEY },
        "userAccessToken": { "accessToken": token("access-1"), "refreshToken": token("refresh-1") },
    });
    let members = asked.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    value(asked)
}

pub fn start(client: &binding::Client, name: &str, options: Value) -> Arc<Call> {
    Arc::new(Call::start(client, name, options, Dialect::JavaScript).unwrap())
}

/// Goes on with a call whose functions answer nothing, until its last step.
pub fn going_on(call: &Arc<Call>) -> tokio::task::JoinHandle<Step> {
    let call = Arc::clone(call);
    tokio::spawn(async move {
        let mut step = call.next(None).await;
        while let Step::Invoke { .. } = step {
            step = call.next(Some(Reply::Value(Value::Null))).await;
        }
        step
    })
}

/// A head of an answer.
pub fn head(status: u16, headers: &[(&str, &str)]) -> Value {
    value(json!({ "status": status, "headers": headers }))
}

/// Answers in whole.
pub async fn answer(exchange: &Exchange, status: u16, headers: &[(&str, &str)], body: &str) {
    exchange.answer(&head(status, headers));
    exchange
        .give(Value::Bytes(Bytes::from(body.to_owned())))
        .await;
    exchange.end();
}

pub const JSON: (&str, &str) = ("content-type", "application/json");

/// The data of the error with which a call failed.
pub fn failure(step: Step) -> Value {
    match step {
        Step::Failed(error) => error,
        other => panic!("it did not fail: {other:?}"),
    }
}

pub fn text_at<'a>(error: &'a Value, path: &[&str]) -> &'a str {
    let found = path.iter().try_fold(error, |value, name| value.get(name));
    match found {
        Some(Value::String(text)) => text,
        other => panic!("{path:?} is {other:?}"),
    }
}

/// A header of a request.
pub fn header<'a>(exchange: &'a Exchange, name: &str) -> Option<&'a str> {
    let mut headers = exchange.headers().iter();
    headers
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}
