//! A call as the bindings have it: step by step, with functions that stay with the caller.

use std::sync::Arc;

use digime_sdk::binding::{self, Call, Dialect, Reply, Step, Value};
use digime_sdk::digime::Client;
use digime_sdk::world::EventLevel;
use serde_json::json;

use crate::library::{Library, list_of};
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{Platform, TestClock, client_at};
use crate::wire::Server;

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn read_all_files(client: &Client, callback: &str) -> Call {
    let client = binding::Client::DigiMe(client.clone());
    let Value::Object(mut options) = of_session() else {
        panic!("options are an object")
    };
    options.push((callback.to_owned(), Value::Function(callback.to_owned())));
    let options = Value::Object(options);
    Call::start(&client, "readAllFiles", options, Dialect::JavaScript).unwrap()
}

fn read_session(client: &binding::Client) -> Call {
    Call::start(client, "readFileList", of_session(), Dialect::JavaScript).unwrap()
}

/// The options that calls about a session have.
fn of_session() -> Value {
    let token = |value: &str| {
        object([
            ("value", value.into()),
            ("expiry", Value::Integer(4_102_444_800)),
        ])
    };
    object([
        ("sessionKey", "session-1".into()),
        ("contractId", "test-contract-id".into()),
        ("privateKey", CONTRACT_KEY.into()),
        (
            "userAccessToken",
            object([
                ("accessToken", token("access-1")),
                ("refreshToken", token("refresh-1")),
            ]),
        ),
    ])
}

#[tokio::test]
async fn a_reading_that_is_stopped_ends_with_what_it_has() {
    let library = Library::open().await;
    library.lists(vec![list_of("running", &[("a", 1)])]);
    library.gate.forget_permits(usize::MAX);
    let call = read_all_files(&Client::new(library.config()).unwrap(), "onStatusChange");
    let Step::Invoke { .. } = call.next(None).await else {
        panic!("the state did not change")
    };
    call.stop();
    let Step::Done(response) = call.next(Some(Reply::Value(Value::Null))).await else {
        panic!("it did not end")
    };
    let Some(Value::Json(status)) = response.get("status") else {
        panic!()
    };
    assert_eq!(status.text(), r#"{"state":"running"}"#);
}

#[tokio::test]
async fn a_function_of_the_caller_that_fails_is_named_in_the_failure_of_the_call() {
    let claims = json!({
        "access_token": { "value": "access-2", "expires_on": 4_102_444_800_u64 },
        "refresh_token": { "value": "refresh-2", "expires_on": 4_102_444_800_u64 },
    });
    let fresh = json!({ "$jwt": claims, "header": { "jku": "{{origin}}/v1.7/jwks", "kid": "k" } });
    let keys = json!({ "keys": [{ "kid": "k", "pem": { "$publicKey": "platform" } }] });
    let platform = Platform::start(json!([
        { "on": "GET /v1.7/permission-access/query/session-1", "response": { "status": 401, "text": "" } },
        { "on": "POST /v1.7/oauth/token", "response": { "status": 200, "json": { "token": fresh } } },
        { "on": "GET /v1.7/jwks", "response": { "status": 200, "json": keys } },
    ]))
    .await;
    let call = read_all_files(
        &client_at(platform.config(), &TestClock::new()),
        "onAccessTokenChange",
    );
    let Step::Invoke { path, .. } = call.next(None).await else {
        panic!("no new token")
    };
    assert_eq!(path, "onAccessTokenChange");
    let Step::Failed(error) = call.next(Some(Reply::Failed)).await else {
        panic!("it did not fail")
    };
    let Some(Value::String(host)) = error.get("fields").and_then(|fields| fields.get("host"))
    else {
        panic!()
    };
    assert_eq!(host, "onAccessTokenChange");
    platform.finish().await;
}

/// A configuration with a function that is told of events.
fn listening(base_url: String) -> binding::Config {
    let config = object([
        ("applicationId", "test-application-id".into()),
        ("baseUrl", base_url.into()),
        ("onEvent", Value::Function("onEvent".to_owned())),
    ]);
    binding::Config::read("digime", config, Dialect::JavaScript).unwrap()
}

/// The types of the events that are told until the call has ended.
async fn told(call: &Call) -> Vec<String> {
    let mut types = Vec::new();
    loop {
        match call.next(None).await {
            Step::Invoke { path, argument } => {
                assert_eq!(path, "config.onEvent");
                let Some(Value::String(kind)) = argument.get("type") else {
                    panic!("an event without a type")
                };
                types.push(kind.clone());
            }
            Step::Done(_) => return types,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn events_are_told_from_the_level_on_that_their_function_wants_at_that_time() {
    let library = Library::open().await;
    library.lists(vec![json!(503), list_of("completed", &[])]);
    let config = listening(library.config().base_url.unwrap());
    let client = binding::Client::open(config.clone()).unwrap();
    config.tell_events_from(Some(EventLevel::Warning));
    let call = read_session(&client);
    assert_eq!(told(&call).await, ["requestRetried"]);
    config.tell_events_from(None);
    assert!(told(&read_session(&client)).await.is_empty());
    config.tell_events_from(Some(EventLevel::Debug));
    let all = told(&read_session(&client)).await;
    assert_eq!(all.first().map(String::as_str), Some("callStarted"));
    assert_eq!(all.last().map(String::as_str), Some("callEnded"));
}

#[tokio::test]
async fn what_a_call_tells_when_it_is_closed_is_still_to_be_had() {
    let server = Server::start(|_, socket| async move {
        std::future::pending::<()>().await;
        drop(socket);
    })
    .await;
    let config = listening(server.config().base_url.unwrap());
    let call = read_session(&binding::Client::open(config).unwrap());
    let kind = async || match call.next(None).await {
        Step::Invoke { argument, .. } => match argument.get("type") {
            Some(Value::String(kind)) => kind.clone(),
            _ => panic!("an event without a type"),
        },
        other => panic!("{other:?}"),
    };
    while kind().await != "requestSent" {}
    call.close();
    assert!(!call.is_over());
    assert_eq!(kind().await, "requestFailed");
    assert_eq!(kind().await, "callEnded");
    assert!(call.is_over());
    assert!(matches!(call.next(None).await, Step::Closed));
}

#[tokio::test]
async fn a_call_that_is_closed_drops_its_request_at_once() {
    let library = Library::open().await;
    library.lists(vec![list_of("running", &[("a", 1)])]);
    library.gate.forget_permits(usize::MAX);
    let call = Arc::new(read_all_files(
        &Client::new(library.config()).unwrap(),
        "onFileData",
    ));
    let waiting = tokio::spawn({
        let call = Arc::clone(&call);
        async move { call.next(None).await }
    });
    call.close();
    assert!(matches!(waiting.await.unwrap(), Step::Closed));
    assert!(matches!(call.next(None).await, Step::Closed));
}
