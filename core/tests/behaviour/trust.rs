//! Trust: whose word counts, and where keys come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use digime_sdk::digime::Client;
use digime_sdk::digime::{ExchangeCodeForTokenOptions, GetAuthorizeUrlOptions, UserAccessToken};
use digime_sdk::world::Clock;
use digime_sdk::{Error, ErrorKind, World};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::scripted::{Platform, TestClock, client_at, contract};

fn token_answer(claims: &Value, kid: &str) -> Value {
    let mut all = json!({
        "access_token": { "value": "access-1", "expires_on": 4_102_444_800_u64 },
        "refresh_token": { "value": "refresh-1", "expires_on": 4_102_444_800_u64 },
    });
    all.as_object_mut()
        .unwrap()
        .extend(claims.as_object().unwrap().clone());
    let header = json!({ "jku": "{{origin}}/v1.7/jwks/oauth", "kid": kid });
    json!({
        "on": "POST /v1.7/oauth/token",
        "response": { "status": 200, "json": { "token": { "$jwt": all, "header": header } } },
    })
}

fn key_set(kid: &str) -> Value {
    json!({
        "on": "GET /v1.7/jwks/oauth",
        "response": { "status": 200, "json": { "keys": [{ "kid": kid, "pem": { "$publicKey": "platform" } }] } },
    })
}

fn no_key_set() -> Value {
    json!({ "on": "GET /v1.7/jwks/oauth", "response": { "status": 404, "text": "" } })
}

/// Exchanges a code that no other call has.
async fn exchange(client: &Client) -> Result<UserAccessToken, Error> {
    static CODES: AtomicU32 = AtomicU32::new(0);
    let code = format!("code-{}", CODES.fetch_add(1, Ordering::Relaxed));
    let options = ExchangeCodeForTokenOptions::builder()
        .contract_details(contract())
        .code_verifier("verifier".parse().unwrap())
        .authorization_code(code.parse().unwrap())
        .build();
    client.exchange_code_for_token(options).await
}

/// An answer of which another can be had.
fn page_answer(claims: &Value, kid: &str) -> Value {
    let mut all = json!({ "preauthorization_code": "code" });
    all.as_object_mut()
        .unwrap()
        .extend(claims.as_object().unwrap().clone());
    let header = json!({ "jku": "{{origin}}/v1.7/jwks/oauth", "kid": kid });
    json!({
        "on": "POST /v1.7/oauth/authorize",
        "response": { "status": 200, "json": {
            "token": { "$jwt": all, "header": header },
            "session": { "key": "session", "expiry": 1 },
        } },
    })
}

async fn authorize(client: &Client) -> Result<(), Error> {
    let options = GetAuthorizeUrlOptions::builder()
        .contract_details(contract())
        .callback("http://localhost/return".parse().unwrap())
        .state("state")
        .build();
    client.get_authorize_url(options).await.map(drop)
}

#[tokio::test]
async fn an_expiry_is_understood_as_a_number_with_a_fraction_and_as_text() {
    for (written, expiry) in [
        (json!(4_102_444_800_u64), 4_102_444_800),
        (json!(4_102_444_800.75), 4_102_444_800),
        (json!("4102444800"), 4_102_444_800),
        (json!("4102444800.0"), 4_102_444_800),
        (json!("soon"), 0),
        (json!(null), 0),
    ] {
        let access = json!({ "value": "access-1", "expires_on": written });
        let claims = json!({ "access_token": access });
        let platform = Platform::start(json!([token_answer(&claims, "k"), key_set("k")])).await;
        let client = client_at(platform.config(), &TestClock::new());
        let token = exchange(&client).await.unwrap();
        assert_eq!(token.access_token.expiry, expiry, "{written}");
        platform.finish().await;
    }
}

#[tokio::test]
async fn the_platforms_key_set_is_fetched_once_for_many_tokens() {
    let answer = token_answer(&json!({}), "k");
    let platform = Platform::start(json!([answer, key_set("k"), answer, answer])).await;
    let client = client_at(platform.config(), &TestClock::new());
    for _ in 0..3 {
        exchange(&client).await.unwrap();
    }
    platform.finish().await;
}

#[tokio::test]
async fn a_key_set_is_fetched_again_after_a_quarter_of_an_hour() {
    let answer = token_answer(&json!({}), "k");
    let platform = Platform::start(json!([answer, key_set("k"), answer, key_set("k")])).await;
    let clock = TestClock::new();
    let client = client_at(platform.config(), &clock);
    exchange(&client).await.unwrap();
    clock.advance(Duration::from_mins(15));
    exchange(&client).await.unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn when_the_key_set_cannot_be_had_the_last_one_serves_since_the_code_is_spent() {
    let answer = token_answer(&json!({}), "k");
    let platform = Platform::start(json!([answer, key_set("k"), answer, no_key_set()])).await;
    let clock = TestClock::new();
    let client = client_at(platform.config(), &clock);
    exchange(&client).await.unwrap();
    clock.advance(Duration::from_mins(15));
    exchange(&client).await.unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn a_new_key_id_is_looked_up_at_most_every_half_minute() {
    let (old, new) = (
        page_answer(&json!({}), "old"),
        page_answer(&json!({}), "new"),
    );
    let platform = Platform::start(json!([old, key_set("old"), new, new, key_set("new")])).await;
    let clock = TestClock::new();
    let client = client_at(platform.config(), &clock);
    authorize(&client).await.unwrap();
    let error = authorize(&client).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::TokenVerification(_)),
        "{error}"
    );
    clock.advance(Duration::from_secs(30));
    authorize(&client).await.unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn a_token_of_the_platform_counts_only_within_its_time_with_a_minute_for_clocks_that_differ()
{
    let clock = TestClock::new();
    for (claims, good) in [
        (json!({ "exp": from_now(-30) }), true),
        (json!({ "exp": from_now(-90) }), false),
        (json!({ "nbf": from_now(30) }), true),
        (json!({ "nbf": from_now(90) }), false),
    ] {
        let platform = Platform::start(json!([page_answer(&claims, "k"), key_set("k")])).await;
        let client = client_at(platform.config(), &clock);
        assert_eq!(authorize(&client).await.is_ok(), good, "{claims}");
        platform.finish().await;
    }
}

#[tokio::test]
async fn a_time_in_a_token_is_a_number_of_seconds_that_may_have_a_fraction() {
    let clock = TestClock::new();
    let fraction = |seconds: i64| json!(format!("{}.5", from_now(seconds)).parse::<f64>().unwrap());
    for (claims, good) in [
        (json!({ "exp": fraction(600) }), true),
        (json!({ "exp": fraction(-600) }), false),
        (json!({ "nbf": fraction(600) }), false),
        (json!({ "exp": from_now(600).to_string() }), false),
        (json!({ "exp": -1 }), false),
        (json!({ "exp": null }), false),
        (json!({ "nbf": [] }), false),
    ] {
        let platform = Platform::start(json!([page_answer(&claims, "k"), key_set("k")])).await;
        let client = client_at(platform.config(), &clock);
        let outcome = authorize(&client).await;
        let refused = outcome
            .as_ref()
            .is_err_and(|error| matches!(error.kind(), ErrorKind::TokenVerification(_)));
        assert_eq!((outcome.is_ok(), refused), (good, !good), "{claims}");
        platform.finish().await;
    }
}

#[tokio::test]
async fn a_token_with_extensions_that_must_be_understood_is_refused() {
    let mut answer = page_answer(&json!({}), "k");
    answer["response"]["json"]["token"]["header"]["crit"] = json!(["exp"]);
    let platform = Platform::start(json!([answer])).await;
    let client = client_at(platform.config(), &TestClock::new());
    let error = authorize(&client).await.unwrap_err();
    assert!(error.to_string().contains("(crit)"), "{error}");
    platform.finish().await;
}

#[tokio::test]
async fn nobody_who_needs_a_key_that_is_kept_waits_while_a_key_set_is_fetched_again() {
    let (old, new) = (
        page_answer(&json!({}), "old"),
        page_answer(&json!({}), "new"),
    );
    let mut busy = no_key_set();
    busy["response"]["status"] = json!(503);
    busy["response"]["headers"] = json!({ "retry-after": "6" });
    let platform =
        Platform::start(json!([old, key_set("old"), new, busy, old, key_set("new")])).await;
    let clock = SlowClock::default();
    let pausing = Arc::clone(&clock.0);
    let world = World {
        clock: Arc::new(clock),
        ..World::real().unwrap()
    };
    let client = Client::in_world(platform.config(), world).unwrap();
    authorize(&client).await.unwrap();
    pausing.time.advance(Duration::from_secs(30));
    let waiting = client.clone();
    let waiting = tokio::spawn(async move { authorize(&waiting).await });
    pausing.pauses.notified().await;
    authorize(&client).await.unwrap();
    assert!(!waiting.is_finished());
    pausing.over.notify_one();
    waiting.await.unwrap().unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn an_old_key_set_serves_after_a_second_while_the_platform_lets_the_new_one_wait() {
    let answer = page_answer(&json!({}), "k");
    let mut busy = no_key_set();
    busy["response"]["status"] = json!(503);
    busy["response"]["headers"] = json!({ "retry-after": "6" });
    let platform = Platform::start(json!([
        answer,
        key_set("k"),
        answer,
        busy,
        answer,
        key_set("k"),
        answer
    ]))
    .await;
    let clock = SlowClock::default();
    let pausing = Arc::clone(&clock.0);
    let world = World {
        clock: Arc::new(clock),
        ..World::real().unwrap()
    };
    let client = Client::in_world(platform.config(), world).unwrap();
    authorize(&client).await.unwrap();
    pausing.time.advance(Duration::from_mins(15));
    for _ in 0..2 {
        let client = client.clone();
        let served = tokio::spawn(async move { authorize(&client).await });
        while !served.is_finished() {
            tokio::task::yield_now().await;
            if platform.asked("GET /v1.7/jwks/oauth").await == 2 {
                pausing.time.advance(Duration::from_secs(1));
            }
        }
        served.await.unwrap().unwrap();
    }
    // What was waited for by nobody is kept all the same.
    pausing.over.notify_one();
    while platform.asked("GET /v1.7/jwks/oauth").await < 3 {
        tokio::task::yield_now().await;
    }
    authorize(&client).await.unwrap();
    platform.finish().await;
}

/// A clock whose pauses are over when the test says so.
#[derive(Default)]
struct SlowClock(Arc<Pausing>);

struct Pausing {
    time: Arc<TestClock>,
    pauses: Notify,
    over: Notify,
}

impl Default for Pausing {
    fn default() -> Self {
        Self {
            time: TestClock::new(),
            pauses: Notify::new(),
            over: Notify::new(),
        }
    }
}

impl Clock for SlowClock {
    fn now(&self) -> SystemTime {
        self.0.time.now()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        let pausing = Arc::clone(&self.0);
        Box::pin(async move {
            pausing.pauses.notify_one();
            pausing.over.notified().await;
        })
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.time.alarm(duration)
    }
}

fn from_now(seconds: i64) -> i64 {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    i64::try_from(now.as_secs()).unwrap() + seconds
}

#[tokio::test]
async fn a_token_without_an_access_token_is_no_success() {
    let empty = token_answer(&json!({ "access_token": {} }), "k");
    let platform = Platform::start(json!([empty, key_set("k")])).await;
    let client = client_at(platform.config(), &TestClock::new());
    let error = exchange(&client).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the platform's token has no access_token (exchangeCodeForToken)"
    );
    platform.finish().await;
}

#[tokio::test]
async fn keys_at_another_origin_are_believed_where_the_configuration_trusts_it() {
    let keys = Platform::start(json!([key_set("k")])).await;
    let elsewhere = keys.config().base_url.unwrap();
    let mut answer = page_answer(&json!({}), "k");
    let header = &mut answer["response"]["json"]["token"]["header"];
    header["jku"] = json!(format!("{elsewhere}jwks/oauth"));
    let gateway = Platform::start(json!([answer, answer])).await;
    let mut config = gateway.config();
    let refused = client_at(config.clone(), &TestClock::new());
    let error = authorize(&refused).await.unwrap_err();
    assert!(error.to_string().contains("(jku)"), "{error}");
    let origin = elsewhere.split("/v1.7").next().unwrap();
    config.trusted_origins = Some(vec![origin.to_owned()]);
    let client = client_at(config, &TestClock::new());
    authorize(&client).await.unwrap();
    keys.finish().await;
    gateway.finish().await;
}

#[tokio::test]
async fn an_origin_that_is_none_is_refused_with_its_place() {
    let platform = Platform::start(json!([])).await;
    for odd in [
        "api.example",
        "https://api.example/path",
        "https://me@api.example",
        "ftp://api.example",
    ] {
        let mut config = platform.config();
        config.trusted_origins = Some(vec!["https://api.digi.me".to_owned(), odd.to_owned()]);
        let error = Client::new(config).unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(path.to_string(), "config.trustedOrigins[1]");
    }
}
