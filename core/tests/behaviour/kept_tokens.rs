//! An answer that has arrived is never dropped: what a code or a refresh token was spent on reaches the application, whatever happens
//! to the call that asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::binding::{Call, Dialect, Reply, Step, Value as Neutral};
use digime_sdk::digime::{
    ExchangeCodeForTokenOptions, RefreshTokenOptions, TimeoutOptions, TokenHook, UserAccessToken,
};
use digime_sdk::{ErrorKind, binding};
use serde_json::{Value, json};

use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{Platform, TestClock, client_at, contract, read_accounts, token};

const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";

pub fn refused(on: &str) -> Value {
    json!({ "on": on, "response": { "status": 401, "text": "" } })
}

fn accounts() -> Value {
    json!({ "on": ACCOUNTS, "response": { "status": 200, "json": [] } })
}

pub fn key_set(kid: &str) -> Value {
    json!({
        "on": "GET /v1.7/jwks",
        "response": { "status": 200, "json": { "keys": [{ "kid": kid, "pem": { "$publicKey": "platform" } }] } },
    })
}

fn no_key_set(times: &str) -> Value {
    let mut answer = json!({ "on": "GET /v1.7/jwks", "response": { "status": 503, "text": "" } });
    if times == "always" {
        answer["repeat"] = true.into();
    }
    answer
}

/// A pair of tokens, whose access token is `access`; more claims go before those that every one has.
pub fn pair(access: &str, kid: &str, more: &Value) -> Value {
    let mut claims = json!({
        "access_token": { "value": access, "expires_on": 4_102_444_800_u64 },
        "refresh_token": { "value": format!("refresh-of-{access}"), "expires_on": 4_102_444_800_u64 },
    });
    claims
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let header = json!({ "jku": "{{origin}}/v1.7/jwks", "kid": kid });
    json!({
        "on": "POST /v1.7/oauth/token",
        "response": { "status": 200, "json": { "token": { "$jwt": claims, "header": header } } },
    })
}

pub fn access(token: &UserAccessToken) -> &str {
    token.access_token.value.expose()
}

/// A hook that remembers the tokens that it heard of.
fn listener() -> (TokenHook, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let hook = TokenHook::new(move |token| {
        ear.lock().unwrap().push(access(&token).to_owned());
        std::future::ready(Ok(()))
    });
    (hook, heard)
}

fn refresh() -> RefreshTokenOptions {
    RefreshTokenOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}

fn exchange() -> ExchangeCodeForTokenOptions {
    ExchangeCodeForTokenOptions::builder()
        .contract_details(contract())
        .code_verifier("verifier".parse().unwrap())
        .authorization_code("code".parse().unwrap())
        .build()
}

/// Lets the runtime go on until something has come about.
async fn until(mut come_about: impl FnMut() -> bool) {
    while !come_about() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_that_is_cancelled_during_a_refresh_tells_the_application_the_new_token_all_the_same()
 {
    let script = json!([
        refused(ACCOUNTS),
        pair("access-2", "k", &json!({})),
        key_set("k"),
        accounts()
    ]);
    let platform = Platform::start(script).await;
    let client = client_at(platform.config(), &TestClock::new());
    let (hook, heard) = listener();
    let mut options = read_accounts();
    options.on_access_token_change = Some(hook);
    let mut cancelled = Box::pin(client.read_accounts(options));
    while platform.asked("POST /v1.7/oauth/token").await == 0 {
        let _ = tokio::time::timeout(Duration::from_millis(1), &mut cancelled).await;
    }
    drop(cancelled);
    until(|| !heard.lock().unwrap().is_empty()).await;
    assert_eq!(*heard.lock().unwrap(), ["access-2"]);
    // Whoever comes with the old token gets the new one, without another refresh.
    let next = client.refresh_token(refresh()).await.unwrap();
    assert_eq!(access(&next), "access-2");
    let mut options = read_accounts();
    options.user_access_token = Some(next);
    client.read_accounts(options).await.unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn a_call_whose_time_is_over_during_a_refresh_leaves_it_to_go_on() {
    let platform = Platform::start(json!([
        pair("access-2", "k", &json!({})),
        no_key_set("once"),
        key_set("k"),
    ]))
    .await;
    let mut config = platform.config();
    config.timeouts = Some(TimeoutOptions {
        call: Some(1),
        ..TimeoutOptions::default()
    });
    // The pause before the key set is asked for again is longer than the call may take.
    let client = client_at(config, &TestClock::new());
    let error = client.refresh_token(refresh()).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Timeout { phase: "call", .. }),
        "{error}"
    );
    let client = client.with_timeouts(&TimeoutOptions {
        call: Some(0),
        ..TimeoutOptions::default()
    });
    let fresh = client.refresh_token(refresh()).await.unwrap();
    assert_eq!(access(&fresh), "access-2");
    platform.finish().await;
}

#[tokio::test]
async fn how_the_application_wants_requests_repeated_has_no_say_in_whether_a_token_is_kept() {
    let platform = Platform::start(json!([
        pair("access-2", "k", &json!({})),
        no_key_set("once"),
        key_set("k"),
    ]))
    .await;
    let retry_options = Neutral::Object(vec![(
        "calculateDelay".to_owned(),
        Neutral::Function("retryOptions.calculateDelay".to_owned()),
    )]);
    let base_url = platform.config().base_url.unwrap();
    let config = Neutral::Object(vec![
        ("applicationId".to_owned(), "test-application-id".into()),
        ("baseUrl".to_owned(), base_url.into()),
        ("retryOptions".to_owned(), retry_options),
    ]);
    let client = binding::Config::read("digime", config, Dialect::JavaScript)
        .and_then(binding::Client::open)
        .unwrap();
    let text = |text: &str| Neutral::from(text);
    let part = |value: &str| {
        Neutral::Object(vec![
            ("value".to_owned(), text(value)),
            ("expiry".to_owned(), Neutral::Integer(4_102_444_800)),
        ])
    };
    let options = Neutral::Object(vec![
        (
            "contractDetails".to_owned(),
            Neutral::Object(vec![
                ("contractId".to_owned(), text("test-contract-id")),
                ("privateKey".to_owned(), text(CONTRACT_KEY)),
            ]),
        ),
        (
            "userAccessToken".to_owned(),
            Neutral::Object(vec![
                ("accessToken".to_owned(), part("access-1")),
                ("refreshToken".to_owned(), part("refresh-1")),
            ]),
        ),
    ]);
    let call = Call::start(&client, "refreshToken", options, Dialect::JavaScript).unwrap();
    let mut reply = None;
    let fresh = loop {
        match call.next(reply).await {
            Step::Done(fresh) => break fresh,
            // Whatever it is asked, it fails.
            Step::Invoke { .. } => reply = Some(Reply::Failed),
            step => panic!("{step:?}"),
        }
    };
    let Some(Neutral::String(value)) = fresh
        .get("accessToken")
        .and_then(|token| token.get("value"))
    else {
        panic!("{fresh:?}")
    };
    assert_eq!(value, "access-2");
    platform.finish().await;
}

#[tokio::test]
async fn a_key_that_the_platform_has_begun_to_sign_with_a_moment_ago_is_looked_up_at_once() {
    let platform = Platform::start(json!([
        pair("access-2", "old", &json!({})),
        key_set("old"),
        pair("access-3", "new", &json!({})),
        key_set("new"),
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let mut options = refresh();
    options.user_access_token = client.refresh_token(refresh()).await.unwrap();
    let fresh = client.refresh_token(options).await.unwrap();
    assert_eq!(access(&fresh), "access-3");
    platform.finish().await;
}

#[tokio::test]
async fn a_key_that_was_replaced_under_the_same_id_is_fetched_anew_rather_than_a_token_dropped() {
    let mut before = pair("access-2", "k", &json!({}));
    before["response"]["json"]["token"]["key"] = "other".into();
    let mut keys_before = key_set("k");
    keys_before["response"]["json"]["keys"][0]["pem"]["$publicKey"] = "other".into();
    let platform = Platform::start(json!([
        before,
        keys_before,
        pair("access-3", "k", &json!({})),
        no_key_set("once"),
        key_set("k"),
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let mut options = refresh();
    options.user_access_token = client.refresh_token(refresh()).await.unwrap();
    assert_eq!(access(&options.user_access_token), "access-2");
    let fresh = client.refresh_token(options).await.unwrap();
    assert_eq!(access(&fresh), "access-3");
    platform.finish().await;
}

#[tokio::test]
async fn a_key_set_that_lags_behind_is_asked_for_until_it_has_the_key() {
    let platform = Platform::start(json!([
        pair("access-2", "new", &json!({})),
        key_set("old"),
        key_set("old"),
        key_set("new"),
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let fresh = client.refresh_token(refresh()).await.unwrap();
    assert_eq!(access(&fresh), "access-2");
    platform.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_an_hour_loses_no_token() {
    for offset in [-3600, 3600] {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        let now = i64::try_from(now.as_secs()).unwrap() + offset;
        let times = json!({ "nbf": now - 5, "iat": now, "exp": now + 60 });
        for spends in ["refresh", "code"] {
            let platform =
                Platform::start(json!([pair("access-2", "k", &times), key_set("k")])).await;
            let client = client_at(platform.config(), &TestClock::new());
            let fresh = match spends {
                "refresh" => client.refresh_token(refresh()).await,
                _ => client.exchange_code_for_token(exchange()).await,
            };
            assert_eq!(access(&fresh.unwrap()), "access-2", "{offset} {spends}");
            platform.finish().await;
        }
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_verified_for_minutes_is_carried_by_the_error() {
    let platform = Platform::start(json!([
        pair("access-2", "k", &json!({})),
        no_key_set("always")
    ]))
    .await;
    let clock = TestClock::new();
    let mut config = platform.config();
    config.timeouts = Some(TimeoutOptions {
        call: Some(0),
        ..TimeoutOptions::default()
    });
    let client = client_at(config, &clock);
    let error = client.refresh_token(refresh()).await.unwrap_err();
    assert_eq!(access(error.user_access_token().unwrap()), "access-2");
    assert!(
        clock.paused() > Duration::from_mins(1),
        "{:?}",
        clock.paused()
    );
    platform.finish().await;
}

#[tokio::test]
async fn a_token_that_is_not_the_platforms_is_carried_by_nothing() {
    let mut forged = pair("access-2", "k", &json!({}));
    forged["response"]["json"]["token"]["key"] = "other".into();
    let platform = Platform::start(json!([forged, key_set("k")])).await;
    let client = client_at(platform.config(), &TestClock::new());
    let error = client.refresh_token(refresh()).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::TokenVerification(_)),
        "{error}"
    );
    assert!(error.user_access_token().is_none());
    platform.finish().await;
}

#[tokio::test]
async fn an_exchange_that_is_cancelled_gives_its_token_to_whoever_makes_it_again() {
    let platform = Platform::start(json!([pair("access-1", "k", &json!({})), key_set("k")])).await;
    let client = client_at(platform.config(), &TestClock::new());
    let mut cancelled = Box::pin(client.exchange_code_for_token(exchange()));
    while platform.asked("POST /v1.7/oauth/token").await == 0 {
        let _ = tokio::time::timeout(Duration::from_millis(1), &mut cancelled).await;
    }
    drop(cancelled);
    let token = client.exchange_code_for_token(exchange()).await.unwrap();
    assert_eq!(access(&token), "access-1");
    platform.finish().await;
}
