//! Refreshing: once per token, and the new token is never lost.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::ErrorKind;
use digime_sdk::digime::{
    Failure, FileSource, GetReauthorizeUrlOptions, PushDataOptions, PushDataToLibraryOptions,
    ReadAccountsOptions, SourceType, TokenHook, UserAccessToken,
};
use futures_util::future::join_all;
use futures_util::stream;
use serde_json::{Value, json};

use crate::push::{receipt, to_library};
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};
use crate::scripted::{self, Platform, TestClock, client_at};

fn read(token: &UserAccessToken) -> ReadAccountsOptions {
    ReadAccountsOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token.clone())
        .build()
}

/// A hook that remembers the tokens that it heard of.
fn listener() -> (TokenHook, Arc<Mutex<Vec<UserAccessToken>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let hook = TokenHook::new(move |token| {
        ear.lock().unwrap().push(token);
        std::future::ready(Ok(()))
    });
    (hook, heard)
}

fn with_hook(
    token: &UserAccessToken,
    data: impl Into<FileSource>,
    hook: TokenHook,
) -> PushDataOptions {
    let mut options = PushDataToLibraryOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .user_access_token(token.clone())
        .data(receipt(data))
        .build();
    options.on_access_token_change = Some(hook);
    PushDataOptions::Library(options)
}

#[tokio::test]
async fn many_calls_that_meet_an_expired_token_at_once_share_one_refresh_and_all_learn_the_new_token()
 {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let reads = join_all((0..20).map(|_| client.read_accounts(read(&token)))).await;
    let new: Vec<_> = reads
        .into_iter()
        .map(|read| read.unwrap().user_access_token.unwrap())
        .collect();
    assert_ne!(new[0], token);
    assert!(new.iter().all(|other| *other == new[0]));
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_call_that_comes_late_with_the_spent_token_gets_the_result_of_the_refresh_that_spent_it()
{
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let first = client.read_accounts(read(&token)).await.unwrap();
    let late = client.read_accounts(read(&token)).await.unwrap();
    assert_eq!(first.user_access_token, late.user_access_token);
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn the_hook_hears_of_the_new_token_before_it_is_used_and_the_push_arrives_once() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let (hook, heard) = listener();
    client
        .push_data(with_hook(&token, "{}", hook))
        .await
        .unwrap();
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1);
    assert_eq!(sandbox.pushed().await.len(), 1);
    client.read_accounts(read(&heard[0])).await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_hook_that_cannot_store_the_new_token_stops_the_push_and_the_error_carries_the_token() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let hook = TokenHook::new(|_| std::future::ready(Err("the database is down".into())));
    let error = client
        .push_data(with_hook(&token, "{}", hook))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "a callback failed: the database is down");
    assert!(sandbox.pushed().await.is_empty());
    let new = error.user_access_token().unwrap();
    client.read_accounts(read(new)).await.unwrap();
}

#[tokio::test]
async fn a_hook_takes_as_long_as_it_takes_and_the_error_of_a_call_that_has_no_time_left_carries_the_token()
 {
    let sandbox = Sandbox::start().await;
    for stores in [true, false] {
        let (token, _) = sandbox.consent(&sandbox.client(), SourceType::Pull).await;
        sandbox.expire_access_tokens().await;
        let clock = TestClock::new();
        let client = client_at(sandbox.config(), &clock);
        let hook = TokenHook::new(move |_| {
            let clock = Arc::clone(&clock);
            async move {
                clock.advance(Duration::from_hours(1));
                // As long as time-outs need to be heard of.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                stores.then_some(()).ok_or("the database is down".into())
            }
        });
        let pushed = client.push_data(with_hook(&token, "{}", hook)).await;
        let error = pushed.unwrap_err();
        let was_told = error.to_string() == "a callback failed: the database is down";
        assert_ne!(was_told, stores, "{error}");
        let new = error.user_access_token().unwrap();
        sandbox.client().read_accounts(read(new)).await.unwrap();
    }
}

#[tokio::test]
async fn a_cancelled_call_does_not_lose_the_token_that_its_refresh_brings() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let never = TokenHook::new(|_| std::future::pending());
    let mut cancelled = Box::pin(client.push_data(with_hook(&token, "{}", never)));
    // Polled until the refresh has reached the platform, and then dropped.
    while sandbox.refreshes().await == 0 {
        let _ = tokio::time::timeout(Duration::from_millis(1), &mut cancelled).await;
    }
    drop(cancelled);
    client.read_accounts(read(&token)).await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_stream_that_met_a_401_is_sent_again_whole() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let chunks = (0..64).map(|n| Ok::<_, std::io::Error>(Bytes::from(vec![n; 64 * 1024])));
    let file = receipt(FileSource::stream(stream::iter(chunks)));
    client.push_data(to_library(&token, file)).await.unwrap();
    let pushed = sandbox.pushed().await;
    assert_eq!(pushed.len(), 1);
    assert_eq!(pushed[0]["size"], 64 * 64 * 1024);
}

#[tokio::test]
async fn a_stream_too_long_to_be_kept_fails_clearly_and_the_error_carries_the_new_token() {
    // A platform that reads the whole stream before it refuses the token.
    let claims = json!({
        "access_token": { "value": "access-2", "expires_on": 4_102_444_800_u64 },
        "refresh_token": { "value": "refresh-2", "expires_on": 4_102_444_800_u64 },
    });
    let fresh = json!({ "$jwt": claims, "header": { "jku": "{{origin}}/v1.7/jwks", "kid": "k" } });
    let keys = json!({ "keys": [{ "kid": "k", "pem": { "$publicKey": "platform" } }] });
    let platform = Platform::start(json!([
        { "on": "POST /v1.7/permission-access/import", "response": { "status": 401, "text": "" }, "partial": true },
        { "on": "POST /v1.7/oauth/token", "response": { "status": 200, "json": { "token": fresh } } },
        { "on": "GET /v1.7/jwks", "response": { "status": 200, "json": keys } },
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let chunks = (0..40).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![1; 1024 * 1024])));
    let file = receipt(FileSource::stream(stream::iter(chunks)));
    let push = PushDataToLibraryOptions::builder()
        .contract_details(scripted::contract())
        .user_access_token(scripted::token("access-1", "refresh-1"))
        .data(file)
        .build();
    let error = client
        .push_data(PushDataOptions::Library(push))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UploadNotRepeatable),
        "{error}"
    );
    assert_eq!(
        error
            .user_access_token()
            .unwrap()
            .access_token
            .value
            .expose(),
        "access-2"
    );
    platform.finish().await;
}

#[tokio::test]
async fn a_stream_is_not_tried_with_a_token_that_is_known_to_have_expired() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (mut token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    token.access_token.expiry = 1;
    let chunks = (0..40).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![1; 1024 * 1024])));
    let file = receipt(FileSource::stream(stream::iter(chunks)));
    client.push_data(to_library(&token, file)).await.unwrap();
    assert_eq!(sandbox.pushed().await[0]["size"], 40 * 1024 * 1024);
}

#[tokio::test]
async fn a_stream_is_not_tried_with_a_token_that_is_about_to_expire_unless_it_cannot_be_refreshed()
{
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (mut token, _) = sandbox.consent(&client, SourceType::Pull).await;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    token.access_token.expiry = i64::try_from(now.as_secs()).unwrap() + 20;
    let mut lasting = token.clone();
    lasting.refresh_token.value = "".into();
    let file = || {
        let chunk = Ok::<_, std::io::Error>(Bytes::from_static(b"{}"));
        receipt(FileSource::stream(stream::iter([chunk])))
    };
    client
        .push_data(to_library(&lasting, file()))
        .await
        .unwrap();
    assert_eq!(sandbox.refreshes().await, 0);
    client.push_data(to_library(&token, file())).await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
    assert_eq!(sandbox.pushed().await.len(), 2);
}

fn unauthorized(body: &Value, content_type: &str) -> Value {
    let text = body
        .as_str()
        .map_or_else(|| body.to_string(), str::to_owned);
    let headers = json!({ "content-type": content_type });
    let response = json!({ "status": 401, "text": text, "headers": headers });
    json!({ "on": "GET /v1.7/permission-access/accounts", "response": response })
}

#[tokio::test]
async fn a_401_that_is_not_about_the_token_does_not_spend_the_refresh_token() {
    let scope =
        json!({ "error": { "code": "InsufficientScope", "message": "no", "reference": "r" } });
    for answer in [
        unauthorized(&scope, "application/json"),
        unauthorized(
            &json!("<html><body>Log in to the proxy</body></html>"),
            "text/html; charset=utf-8",
        ),
    ] {
        let platform = Platform::start(json!([answer])).await;
        let client = client_at(platform.config(), &TestClock::new());
        client
            .read_accounts(scripted::read_accounts())
            .await
            .unwrap_err();
        platform.finish().await;
    }
}

#[tokio::test]
async fn calls_with_no_place_for_a_new_token_refresh_only_where_the_application_hears_of_it() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    sandbox.expire_access_tokens().await;
    let options = |hook: Option<TokenHook>| {
        GetReauthorizeUrlOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .callback("http://127.0.0.1/return".parse().unwrap())
            .user_access_token(token.clone())
            .maybe_on_access_token_change(hook)
            .build()
    };
    let error = client.get_reauthorize_url(options(None)).await.unwrap_err();
    let Some(Failure::Server(error)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(error.code, "InvalidToken");
    assert_eq!(sandbox.refreshes().await, 0);
    let (hook, heard) = listener();
    client
        .get_reauthorize_url(options(Some(hook)))
        .await
        .unwrap();
    assert_eq!(heard.lock().unwrap().len(), 1);
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_refresh_token_that_serves_again_is_used_again_when_its_access_token_expires() {
    let answer = |access: &str| {
        let claims =
            json!({ "access_token": { "value": access, "expires_on": 4_102_444_800_u64 } });
        let fresh =
            json!({ "$jwt": claims, "header": { "jku": "{{origin}}/v1.7/jwks", "kid": "k" } });
        json!({ "on": "POST /v1.7/oauth/token", "response": { "status": 200, "json": { "token": fresh } } })
    };
    let keys = json!({ "keys": [{ "kid": "k", "pem": { "$publicKey": "platform" } }] });
    let expired = unauthorized(&json!(""), "text/plain");
    let read = json!({ "on": "GET /v1.7/permission-access/accounts", "response": { "status": 200, "json": [] } });
    let platform = Platform::start(json!([
        expired, answer("access-2"), read, expired, answer("access-3"), read,
        { "on": "GET /v1.7/jwks", "response": { "status": 200, "json": keys } },
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let mut options = scripted::read_accounts();
    options.user_access_token = client
        .read_accounts(scripted::read_accounts())
        .await
        .unwrap()
        .user_access_token;
    let token = client
        .read_accounts(options)
        .await
        .unwrap()
        .user_access_token
        .unwrap();
    assert_eq!(token.access_token.value.expose(), "access-3");
    assert_eq!(token.refresh_token.value.expose(), "refresh-1");
    platform.finish().await;
}
