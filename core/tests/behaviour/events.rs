//! What the SDK does is told to whoever looks on: in order, joined by ids, without a secret, and whatever they make of it.

use std::sync::{Arc, Mutex};

use digime_sdk::World;
use digime_sdk::digime::Client;
use digime_sdk::world::{Event, EventContext, EventHook, Observer, SdkEvent};
use serde_json::{Value, json};

use crate::scripted::{Platform, TestClock, read_accounts};
use crate::wire::Server;

#[derive(Clone, Default)]
struct Watching(Arc<Mutex<Vec<Value>>>);

impl Watching {
    fn told(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Watching {
    fn observe(&self, _: &Event) {}

    fn observe_within(&self, event: &Event, context: &EventContext) {
        let told = serde_json::to_value(SdkEvent::of(event, context)).unwrap();
        self.0.lock().unwrap().push(told);
    }
}

fn types(told: &[Value]) -> Vec<&str> {
    told.iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_call_and_each_attempt_at_its_request_are_told_of_in_order_and_joined_by_their_ids() {
    const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";
    let platform = Platform::start(json!([
        { "on": ACCOUNTS, "response": { "status": 503, "text": "" } },
        { "on": ACCOUNTS, "response": { "status": 200, "json": [] } },
    ]))
    .await;
    let watching = Watching::default();
    let world = World {
        clock: TestClock::new(),
        observer: Some(Arc::new(watching.clone())),
        ..World::real().unwrap()
    };
    let client = Client::in_world(platform.config(), world).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    platform.finish().await;
    let told = watching.told();
    assert_eq!(
        types(&told),
        [
            "callStarted",
            "requestStarted",
            "requestSent",
            "requestAnswered",
            "requestRetried",
            "requestSent",
            "requestAnswered",
            "callEnded"
        ]
    );
    let request = &told[1];
    assert_eq!(request["request"], "GET permission-access/accounts");
    for event in &told {
        assert_eq!(event["call"], "readAccounts");
        assert_eq!(event["callId"], told[0]["callId"]);
        assert!(event["at"].as_u64().unwrap() > 0);
    }
    for event in &told[1..7] {
        assert_eq!(event["requestId"], request["requestId"]);
    }
    assert_eq!(told[3]["statusCode"], 503);
    assert_eq!(told[4]["reason"], "503");
    assert_eq!(told[5]["attempt"], 2);
    assert_eq!(told[7]["succeeded"], true);
}

#[tokio::test]
async fn what_the_platform_says_of_the_version_of_the_sdk_is_told_in_one_line() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nx-digi-sdk-status: deprecated\r\nx-digi-sdk-status-message: upgrade\tsoon\r\n\
         connection: close\r\ncontent-length: 2\r\n\r\n[]",
    )
    .await;
    let watching = Watching::default();
    let mut config = server.config();
    config.on_event = Some(EventHook::new(watching.clone()));
    let client = Client::new(config).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    let told = watching.told();
    let notice = told.iter().find(|event| event["type"] == "platformNotice");
    let notice = notice.unwrap();
    assert_eq!(notice["status"], "deprecated");
    assert_eq!(notice["message"], "upgrade\\tsoon");
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_is_told_of_as_cancelled() {
    let server = Server::start(|_, socket| async move {
        std::future::pending::<()>().await;
        drop(socket);
    })
    .await;
    let watching = Watching::default();
    let mut config = server.config();
    config.on_event = Some(EventHook::new(watching.clone()));
    let client = Client::new(config).unwrap();
    let sent = async {
        while !types(&watching.told()).contains(&"requestSent") {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = client.read_accounts(read_accounts()) => panic!("nobody answers"),
        () = sent => {}
    }
    let told = watching.told();
    let last = told.last().unwrap();
    assert_eq!(
        (&last["type"], &last["reason"]),
        (&"callEnded".into(), &"cancelled".into())
    );
}

#[tokio::test]
async fn an_observer_that_panics_fails_no_call() {
    struct Panicking;
    impl Observer for Panicking {
        fn observe(&self, _: &Event) {
            std::panic::resume_unwind(Box::new("mine"));
        }
    }
    let server =
        Server::answering("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]")
            .await;
    let mut config = server.config();
    config.on_event = Some(EventHook::new(Panicking));
    let client = Client::new(config).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
}
