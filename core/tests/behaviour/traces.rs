//! What the SDK does is part of the application's traces: requests say of which, and Rust's own tracing sees calls and events.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use digime_sdk::digime::Client;
use digime_sdk::{TraceContext, TraceContextHook, TracedAttempt, World};
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::scripted::{TestClock, read_accounts};
use crate::wire::{Server, answer, head, header};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// A server that says the first time that it is overloaded, and the heads that it was sent.
async fn recovering() -> (Server, mpsc::UnboundedReceiver<String>) {
    let (heard, heads) = mpsc::unbounded_channel();
    let server = Server::start(move |before, mut socket| {
        let heard = heard.clone();
        async move {
            heard.send(head(&mut socket).await.0).unwrap();
            let status = ["503 Service Unavailable", "200 OK"][before.min(1)];
            answer(&mut socket, status, "[]").await;
        }
    })
    .await;
    (server, heads)
}

fn client(
    server: &Server,
    hook: impl Fn(&TracedAttempt) -> Option<TraceContext> + Send + Sync + 'static,
) -> Client {
    let mut config = server.config();
    config.trace_context = Some(TraceContextHook::new(hook));
    let world = World {
        clock: TestClock::new(),
        ..World::real().unwrap()
    };
    Client::in_world(config, world).unwrap()
}

fn context(traceparent: &str) -> TraceContext {
    TraceContext {
        traceparent: Some(traceparent.to_owned()),
        tracestate: Some("vendor=1".to_owned()),
    }
}

#[tokio::test]
async fn each_attempt_asks_of_which_trace_it_is_and_says_so_beside_what_is_signed() {
    let (server, mut heads) = recovering().await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let client = client(&server, {
        let asked = Arc::clone(&asked);
        move |attempt| {
            asked.lock().unwrap().push(attempt.clone());
            Some(context(&format!(
                "00-{TRACE}-00000000000000a{}-01",
                attempt.attempt
            )))
        }
    });
    client.read_accounts(read_accounts()).await.unwrap();
    for attempt in 1..=2 {
        let head = heads.recv().await.unwrap();
        let parent = header(&head, "traceparent");
        assert_eq!(parent, format!("00-{TRACE}-00000000000000a{attempt}-01"));
        assert_eq!(header(&head, "tracestate"), "vendor=1");
        let signed = header(&head, "authorization");
        let claims = URL_SAFE_NO_PAD
            .decode(signed.split('.').nth(1).unwrap())
            .unwrap();
        let claims = String::from_utf8(claims).unwrap();
        assert!(
            !claims.contains("trace") && !claims.contains(TRACE),
            "{claims}"
        );
    }
    let asked = asked.lock().unwrap();
    let [first, second] = &asked[..] else {
        panic!("asked {} times", asked.len())
    };
    assert_eq!(first.request, "GET permission-access/accounts");
    assert_eq!(first.request_id, second.request_id);
    assert_eq!((first.attempt, second.attempt), (1, 2));
}

#[tokio::test]
async fn what_is_no_trace_context_is_not_sent_and_fails_no_call() {
    let zeros = "0".repeat(32);
    for traceparent in [
        String::new(),
        "garbage".to_owned(),
        format!("00-{TRACE}-00000000000000a1"),
        format!("00-{TRACE}-0000000000000000-01"),
        format!("00-{zeros}-00000000000000a1-01"),
        format!("00-{}-00000000000000a1-01", TRACE.to_uppercase()),
        format!("ff-{TRACE}-00000000000000a1-01"),
        format!("00-{TRACE}-00000000000000a1-01-more"),
        format!("00-{TRACE}-00000000000000a1-01\r\nx: y"),
    ] {
        let (server, mut heads) = recovering().await;
        let client = client(&server, move |_| Some(context(&traceparent)));
        client.read_accounts(read_accounts()).await.unwrap();
        let head = heads.recv().await.unwrap();
        assert!(!head.contains("trace"), "{head}");
    }
    let (server, mut heads) = recovering().await;
    let client = client(&server, |_| std::panic::resume_unwind(Box::new("mine")));
    client.read_accounts(read_accounts()).await.unwrap();
    assert!(!heads.recv().await.unwrap().contains("traceparent"));
}

/// Keeps what it is told, a line for each span and event.
#[derive(Clone, Default)]
struct Recording {
    lines: Arc<Mutex<Vec<(Level, String)>>>,
    ids: Arc<AtomicU64>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Recording {
    fn keep(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(metadata.name().to_owned());
        record(&mut line);
        self.lines.lock().unwrap().push((*metadata.level(), line.0));
    }
}

impl Subscriber for Recording {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "digime_sdk"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(span.metadata(), |line| span.record(line));
        Id::from_u64(self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn event(&self, event: &Event<'_>) {
        self.keep(event.metadata(), |line| event.record(line));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn tracing_sees_a_call_as_a_span_and_what_it_does_as_events_by_how_much_they_matter() {
    let (server, _heads) = recovering().await;
    let recording = Recording::default();
    let _recorded = tracing::subscriber::set_default(recording.clone());
    let client = client(&server, |_| None);
    client.read_accounts(read_accounts()).await.unwrap();
    let lines = recording.lines.lock().unwrap();
    assert!(
        lines[0]
            .1
            .starts_with("call call=\"readAccounts\" call_id="),
        "{lines:?}"
    );
    let levels = |kind: &str| {
        let found = lines.iter().filter(|(_, line)| line.contains(kind));
        found.map(|(level, _)| *level).collect::<Vec<_>>()
    };
    assert_eq!(levels("message=requestAnswered"), [Level::DEBUG; 2]);
    assert_eq!(levels("message=requestRetried"), [Level::WARN]);
    assert_eq!(levels("message=callEnded"), [Level::DEBUG]);
    let all = format!("{lines:?}");
    assert!(all.contains("status_code=503") && all.contains("GET permission-access/accounts"));
    assert!(!all.contains("access-1"), "{all}");
}
