//! The SDK's own share of its calls, one at a time: the platform answers out of this process, so that no network is in it.

#![expect(
    clippy::unwrap_used,
    reason = "a bench ends where its assumptions do not hold"
)]

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use digime_bench::{Announcement, CONTRACT_PEM, Platform};
use digime_sdk::World;
use digime_sdk::binding::{self, Call, Dialect, Value};
use digime_sdk::digime::{
    Client, Config, ContractDetails, ExchangeCodeForTokenOptions, FileDescriptor,
    FileDescriptorAccount, PushDataOptions, PushDataToLibraryOptions, PushedFile, ReadFileOptions,
    UserAccessToken,
};
use digime_sdk::pkb;
use digime_sdk::transport::{Body, ResponseBody, Transport, TransportFailure};
use digime_sdk::world::{Event, Observer};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use tokio::runtime::Runtime;

const ORIGIN: &str = "http://127.0.0.1";
static PUSHED: [u8; 16 * 1024] = [0; 16 * 1024];

struct InProcess(Platform);

impl Transport for InProcess {
    fn send(
        &self,
        request: http::Request<Body>,
        _connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let answer = self.0.answer(request.uri().path()).unwrap();
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

fn client() -> Client {
    let platform = Announcement::new(ORIGIN).unwrap();
    let mut config = Config::new(platform.application_id);
    config.base_url = Some(platform.base_url);
    let world = World {
        transport: Arc::new(InProcess(Platform::new(ORIGIN, 1, 1).unwrap())),
        ..World::real().unwrap()
    };
    Client::in_world(config, world).unwrap()
}

fn contract() -> ContractDetails {
    ContractDetails::new(
        "bench-contract".parse().unwrap(),
        CONTRACT_PEM.parse().unwrap(),
    )
}

fn token() -> UserAccessToken {
    Announcement::new(ORIGIN).unwrap().user_access_token
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

fn exchange() -> ExchangeCodeForTokenOptions {
    ExchangeCodeForTokenOptions::builder()
        .contract_details(contract())
        .code_verifier("bench-verifier".parse().unwrap())
        .authorization_code("bench-code".parse().unwrap())
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
    criterion.bench_function("convert: the options of pushData", |bencher| {
        let client = binding::Client::DigiMe(client.clone());
        let start =
            |options| Call::start(&client, "pushData", options, Dialect::JavaScript).unwrap();
        bencher.iter_batched(push_as_value, start, BatchSize::SmallInput);
    });
}

/// A call that sends nothing, and so is little but its events: what each of them costs where nobody looks on, and at most.
fn events(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let observers: [(_, Option<Arc<dyn Observer>>); 2] = [
        ("two events: seen by nobody", None),
        ("two events: seen by one", Some(Arc::new(LookingOn))),
    ];
    for (name, observer) in observers {
        let config = pkb::Config::builder()
            .client_id("bench-client".parse().unwrap())
            .redirect_uri("app://linked".parse().unwrap())
            .environment(pkb::Environment::Sandbox)
            .build();
        let world = World {
            observer,
            ..World::real().unwrap()
        };
        let client = pkb::Client::in_world(config, world).unwrap();
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

criterion_group!(benches, calls, events);
criterion_main!(benches);
