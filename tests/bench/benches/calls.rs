//! The SDK's own share of its calls, one at a time: the platform answers out of this process, so that no network is in it. And what one call over
//! the loopback is made of, layer by layer, so that their sum explains the whole.

#![expect(
    clippy::unwrap_used,
    reason = "a bench ends where its assumptions do not hold"
)]

use std::future::ready;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use digime_bench::{Announcement, CONTRACT_PEM, Place, Platform, contract as key_pair, sign};
use digime_sdk::World;
use digime_sdk::binding::{self, Call, Dialect, Step, Value};
use digime_sdk::digime::{
    Client, Config, ContractDetails, ExchangeCodeForTokenOptions, FileDescriptor,
    FileDescriptorAccount, PushDataOptions, PushDataToLibraryOptions, PushedFile, ReadFileOptions,
    UserAccessToken,
};
use digime_sdk::pkb;
use digime_sdk::transport::{Body, HttpTransport, ResponseBody, Transport, TransportFailure};
use digime_sdk::world::{Event, Observer};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::runtime::{Builder, Runtime};

const ORIGIN: &str = "http://127.0.0.1";
static PUSHED: [u8; 16 * 1024] = [0; 16 * 1024];

struct InProcess(Platform);

impl Transport for InProcess {
    fn send(
        &self,
        request: http::Request<Body>,
        _connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let answer = self.0.answer(request.uri()).unwrap();
        Box::pin(ready(Ok(
            answer.map(|body| stream::once(ready(Ok(body))).boxed())
        )))
    }
}

/// Looks on, and makes nothing of what it sees.
struct LookingOn;

impl Observer for LookingOn {
    fn observe(&self, _: &Event) {}
}

/// The platform out of this process.
fn in_process() -> World {
    let platform = Platform::new(&Place::near(ORIGIN), 1, 1).unwrap();
    World {
        transport: Arc::new(InProcess(platform)),
        ..World::real().unwrap()
    }
}

/// The platform in a thread of its own, over the loopback.
fn on_the_loopback() -> Place {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let place = Place::near(&format!("http://{}", listener.local_addr().unwrap()));
    let platform = Arc::new(Platform::new(&place, 1, 1).unwrap());
    let answer = async |State(platform): State<Arc<Platform>>, request: axum::extract::Request| {
        let (head, body) = request.into_parts();
        body.into_data_stream().for_each(|_| ready(())).await;
        let answer = platform.answer(&head.uri).unwrap();
        answer.map(axum::body::Body::from)
    };
    let router = Router::new().fallback(answer).with_state(platform);
    thread::spawn(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    place
}

fn config(place: Place) -> Config {
    let platform = Announcement::new(place).unwrap();
    let mut config = Config::new(platform.application_id);
    config.base_url = Some(platform.place.base_url);
    config
}

fn client() -> Client {
    Client::in_world(config(Place::near(ORIGIN)), in_process()).unwrap()
}

fn contract() -> ContractDetails {
    ContractDetails::new(
        "bench-contract".parse().unwrap(),
        CONTRACT_PEM.parse().unwrap(),
    )
}

fn token() -> UserAccessToken {
    Announcement::new(Place::near(ORIGIN))
        .unwrap()
        .user_access_token
}

fn push() -> PushDataOptions {
    let account_id = "bench-account".to_owned();
    let options = PushDataToLibraryOptions::builder()
        .contract_details(contract())
        .user_access_token(token())
        .data(PushedFile {
            file_data: Bytes::from_static(&PUSHED).into(),
            file_name: "push.pdf".parse().unwrap(),
            file_descriptor: FileDescriptor {
                mime_type: "application/pdf".to_owned(),
                accounts: vec![FileDescriptorAccount { account_id }.into()],
                reference: None,
                tags: None,
            }
            .into(),
        })
        .build();
    PushDataOptions::Library(options)
}

/// The exchange of a code that no other has had: of one that has, the outcome is remembered.
fn exchange() -> ExchangeCodeForTokenOptions {
    static CODES: AtomicU64 = AtomicU64::new(0);
    let code = CODES.fetch_add(1, Ordering::Relaxed).to_string();
    ExchangeCodeForTokenOptions::builder()
        .contract_details(contract())
        .code_verifier("bench-verifier".parse().unwrap())
        .authorization_code(code.parse().unwrap())
        .build()
}

fn read() -> ReadFileOptions {
    ReadFileOptions::builder()
        .session_key("files-1".parse().unwrap())
        .file_name("file-0".parse().unwrap())
        .contract_id("bench-contract".parse().unwrap())
        .private_key(CONTRACT_PEM.parse().unwrap())
        .user_access_token(token())
        .build()
}

/// The same push as a binding hands it over.
fn push_as_value() -> Value {
    let object = |fields: Vec<(&str, Value)>| {
        Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    };
    let part = || {
        object(vec![
            ("value", "t".repeat(64).into()),
            ("expiry", Value::Integer(4_102_444_800)),
        ])
    };
    let account = object(vec![("accountId", "bench-account".into())]);
    let descriptor = object(vec![
        ("mimeType", "application/pdf".into()),
        ("accounts", Value::Array(vec![account])),
    ]);
    let contract = object(vec![
        ("contractId", "bench-contract".into()),
        ("privateKey", CONTRACT_PEM.into()),
    ]);
    let file = object(vec![
        ("fileData", Value::Bytes(Bytes::from_static(&PUSHED))),
        ("fileName", "push.pdf".into()),
        ("fileDescriptor", descriptor),
    ]);
    object(vec![
        ("contractDetails", contract),
        (
            "userAccessToken",
            object(vec![("accessToken", part()), ("refreshToken", part())]),
        ),
        ("data", file),
    ])
}

fn calls(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let client = client();
    criterion.bench_function("sign: pushData", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(async || client.push_data(push()).await.unwrap());
    });
    criterion.bench_function("sign and verify: exchangeCodeForToken", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(async || client.exchange_code_for_token(exchange()).await.unwrap());
    });
    criterion.bench_function("sign and open an envelope: readFile", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(async || client.read_file(read()).await.unwrap());
    });
}

fn start(client: &binding::Client, options: Value) -> Call {
    Call::start(client, "pushData", options, Dialect::JavaScript).unwrap()
}

/// What `pushData` is made of in Node and Python, and all of it. What the whole takes beyond the sum is the price of waking threads.
fn layers(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    criterion.bench_function("layer: the options, over the border", |bencher| {
        let client = binding::Client::DigiMe(client());
        let start = |options| start(&client, options);
        bencher.iter_batched(push_as_value, start, BatchSize::SmallInput);
    });
    criterion.bench_function("layer: a signature", |bencher| {
        let key = key_pair().unwrap();
        bencher.iter(|| sign(&key, &PUSHED[..600]).unwrap());
    });
    criterion.bench_function("layer: request, retry, events and answer", |bencher| {
        let client = runtime.block_on(linked());
        bencher.to_async(&runtime).iter(async || {
            let options = pkb::RequestOptions::builder()
                .app_user_id("bench-user".parse().unwrap())
                .path("/v1.7/permission-access/import".parse().unwrap())
                .build();
            client.request(options).await.unwrap()
        });
    });
    let place = on_the_loopback();
    criterion.bench_function("layer: the exchange", |bencher| {
        let transport = HttpTransport::new().unwrap();
        let address = format!("{}permission-access/import", place.base_url);
        bencher.to_async(&runtime).iter(async || {
            let request = http::Request::post(&address)
                .header("authorization", "t".repeat(700))
                .body(Bytes::from_static(&PUSHED).into())
                .unwrap();
            let response = transport.send(request, Duration::from_secs(1)).await;
            let body = response.unwrap().into_body();
            body.for_each(|_| ready(())).await;
        });
    });
    let client = binding::Client::DigiMe(Client::new(config(place)).unwrap());
    criterion.bench_function(
        "whole: pushData, over the border and the loopback",
        |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let step = start(&client, push_as_value()).next(None).await;
                assert!(matches!(step, Step::Done(_)));
            });
        },
    );
}

/// PKB's client with a patient who is linked: its requests are not signed.
async fn linked() -> pkb::Client {
    let client = pkb::Client::in_world(pkb_config(), in_process()).unwrap();
    let tokens = pkb::LinkTokens::builder()
        .access_token("t".repeat(64).parse().unwrap())
        .expires_at(4_102_444_800_000)
        .build();
    let options = pkb::ImportLinkOptions::builder()
        .app_user_id("bench-user".parse().unwrap())
        .public_id("bench-patient".parse().unwrap())
        .tokens(tokens)
        .build();
    client.import_link(options).await.unwrap();
    client
}

fn pkb_config() -> pkb::Config {
    pkb::Config::builder()
        .client_id("bench-client".parse().unwrap())
        .redirect_uri("app://linked".parse().unwrap())
        .environment(pkb::Environment::Sandbox)
        .build()
}

/// A call that sends nothing, and so is little but its events: what each of them costs where nobody looks on, and at most.
fn events(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let observers: [(_, Option<Arc<dyn Observer>>); 2] = [
        ("two events: seen by nobody", None),
        ("two events: seen by one", Some(Arc::new(LookingOn))),
    ];
    for (name, observer) in observers {
        let world = World {
            observer,
            ..World::real().unwrap()
        };
        let client = pkb::Client::in_world(pkb_config(), world).unwrap();
        let options = || {
            pkb::GetLinkOptions::builder()
                .app_user_id("bench-user".parse().unwrap())
                .build()
        };
        criterion.bench_function(name, |bencher| {
            bencher
                .to_async(&runtime)
                .iter(async || client.get_link(options()).await.unwrap());
        });
    }
}

criterion_group!(benches, calls, layers, events);
criterion_main!(benches);
