//! What the SDK does is told to whoever looks on: in order, joined by ids, without a secret, and whatever they make of it.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use digime_sdk::World;
use digime_sdk::digime::{ByteStream, Client, Config, ReadAccountsOptions, SourceType};
use digime_sdk::world::{Event, EventContext, EventHook, Observer, SdkEvent};
use serde_json::{Value, json};

use crate::envelope::seal;
use crate::library::{Library, read_file};
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};
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
async fn of_an_attempt_that_gets_no_answer_it_is_told_why_and_how_much_was_sent() {
    // Nobody listens there any more.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let watching = Watching::default();
    let world = World {
        clock: TestClock::new(),
        observer: Some(Arc::new(watching.clone())),
        ..World::real().unwrap()
    };
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("http://{address}/v1.7/"));
    let client = Client::in_world(config, world).unwrap();
    client.read_accounts(read_accounts()).await.unwrap_err();
    let told = watching.told();
    let of = |wanted: &str| {
        let told = told.iter().filter(|event| event["type"] == wanted);
        told.collect::<Vec<_>>()
    };
    let (failed, retried) = (of("requestFailed"), of("requestRetried"));
    assert_eq!((failed.len(), retried.len()), (3, 2), "{told:?}");
    for event in failed {
        assert_eq!(event["reason"], "ECONNREFUSED");
        assert_eq!(event["sent"], "nothing");
    }
    for event in retried {
        assert_eq!(event["reason"], "ECONNREFUSED");
    }
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
async fn either_half_of_what_the_platform_says_of_the_version_is_told_without_the_other_and_cut_where_it_is_long()
 {
    let sandbox = Sandbox::start().await;
    let watching = Watching::default();
    let mut config = sandbox.config();
    config.on_event = Some(EventHook::new(watching.clone()));
    let client = Client::new(config).unwrap();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    assert!(!types(&watching.told()).contains(&"platformNotice"));
    let access = token.access_token.value.expose().clone();
    let long = format!("{access} is old{}", "!".repeat(600));
    for notice in [json!({ "status": "retired" }), json!({ "message": long })] {
        sandbox.notice(notice).await;
        let read = ReadAccountsOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .user_access_token(token.clone())
            .build();
        client.read_accounts(read).await.unwrap();
    }
    let told = watching.told();
    let notices = told.iter();
    let notices = notices.filter(|event| event["type"] == "platformNotice");
    let [status, message] = &notices.collect::<Vec<_>>()[..] else {
        panic!("{told:?}")
    };
    assert_eq!(status["status"], "retired");
    assert_eq!(status.get("message"), None);
    assert_eq!(message.get("status"), None);
    let message = message["message"].as_str().unwrap();
    assert!(message.starts_with("[redacted] is old!"), "{message}");
    assert!(message.ends_with(" more)"), "{message}");
    assert!(message.chars().count() < 520, "{message}");
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
    let [.., attempt, call] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(attempt["type"], "requestFailed");
    assert_eq!(attempt["reason"], "cancelled");
    assert_eq!(attempt["sent"], "maybe");
    assert_eq!(call["type"], "callEnded");
    assert_eq!(call["reason"], "cancelled");
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

/// Waits for the event that says what became of a file.
async fn file_read(watching: &Watching) -> Value {
    loop {
        let told = watching.told();
        if let Some(event) = told.iter().find(|event| event["type"] == "fileRead") {
            return event.clone();
        }
        tokio::task::yield_now().await;
    }
}

/// Opens a file as a stream.
async fn opened(library: &Library, name: &str) -> (Watching, ByteStream) {
    let watching = Watching::default();
    let mut config = library.config();
    config.on_event = Some(EventHook::new(watching.clone()));
    let client = Client::new(config).unwrap();
    let file = client.read_file_stream(read_file(name)).await.unwrap();
    (watching, file.body)
}

#[tokio::test]
async fn a_file_read_as_a_stream_is_told_of_when_the_stream_has_ended() {
    let library = Library::open().await;
    library.put("a", seal(CONTRACT_KEY, b"content"), None);
    let (watching, body) = opened(&library, "a").await;
    assert!(!types(&watching.told()).contains(&"fileRead"));
    while let Some(chunk) = body.next().await {
        chunk.unwrap();
    }
    let event = file_read(&watching).await;
    assert_eq!(
        (&event["succeeded"], &event["bytes"]),
        (&true.into(), &7.into())
    );
    assert_eq!(event["call"], "readFileStream");
    assert_eq!(event["callId"], watching.told()[0]["callId"]);
}

#[tokio::test]
async fn a_file_whose_stream_breaks_off_or_that_nobody_reads_to_its_end_is_told_of_as_not_read() {
    let library = Library::open().await;
    let mut damaged = seal(CONTRACT_KEY, &[1; 100]);
    *damaged.last_mut().unwrap() ^= 1;
    library.put("a", damaged, None);
    let (watching, body) = opened(&library, "a").await;
    while body.next().await.is_some_and(|chunk| chunk.is_ok()) {}
    let event = file_read(&watching).await;
    assert_eq!(
        (&event["succeeded"], event.get("bytes")),
        (&false.into(), None)
    );

    library.put("b", seal(CONTRACT_KEY, b"content"), None);
    let (watching, body) = opened(&library, "b").await;
    drop(body);
    assert_eq!(file_read(&watching).await["succeeded"], false);
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_as_a_stream_is_told_of_as_not_read() {
    let library = Library::open().await;
    let watching = Watching::default();
    let mut config = library.config();
    config.on_event = Some(EventHook::new(watching.clone()));
    let client = Client::new(config).unwrap();
    client
        .read_file_stream(read_file("none"))
        .await
        .unwrap_err();
    assert_eq!(file_read(&watching).await["succeeded"], false);
}
