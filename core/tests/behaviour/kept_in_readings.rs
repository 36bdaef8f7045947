//! The reading of a session hands its tokens on: one that nobody stores ends it, and the newest is what it ends with.

use digime_sdk::digime::{ReadAllFilesOptions, TokenHook};
use serde_json::{Value, json};

use crate::kept_tokens::{access, key_set, pair, refused};
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{Platform, TestClock, client_at, token};

const LIST: &str = "GET /v1.7/permission-access/query/session";

fn read_all(hook: Option<TokenHook>) -> ReadAllFilesOptions {
    ReadAllFilesOptions::builder()
        .session_key(
            "session"
                .parse::<digime_sdk::NonEmptyString>()
                .unwrap()
                .into(),
        )
        .contract_id("test-contract-id".parse().unwrap())
        .private_key(
            CONTRACT_KEY
                .parse::<digime_sdk::NonEmptyString>()
                .unwrap()
                .into(),
        )
        .user_access_token(token("access-1", "refresh-1"))
        .maybe_on_access_token_change(hook)
        .build()
}

fn list(state: &str, files: &[&str]) -> Value {
    let files: Vec<_> = files
        .iter()
        .map(|name| json!({ "name": name, "updatedDate": 1 }))
        .collect();
    let body = json!({ "status": { "state": state }, "fileList": files });
    json!({ "on": LIST, "response": { "status": 200, "json": body } })
}

#[tokio::test]
async fn a_reading_whose_poll_brings_a_token_that_nobody_stores_ends_with_it() {
    let platform = Platform::start(json!([
        refused(LIST),
        pair("access-2", "k", &json!({})),
        key_set("k"),
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let hook = TokenHook::new(|_| std::future::ready(Err("the database is down".into())));
    let error = client
        .read_all_files(read_all(Some(hook)))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "a callback failed: the database is down");
    assert_eq!(access(error.user_access_token().unwrap()), "access-2");
    platform.finish().await;
}

#[tokio::test]
async fn a_reading_a_file_of_which_brings_a_token_that_nobody_stores_ends_with_it() {
    let file = "GET /v1.7/permission-access/query/session/a";
    let platform = Platform::start(json!([
        list("running", &["a"]),
        refused(file),
        pair("access-2", "k", &json!({})),
        key_set("k"),
        // It may be asked again while the file is on its way, with the token that it has.
        { "on": LIST, "optional": true, "repeat": true, "response": { "status": 200, "json": { "status": { "state": "running" }, "fileList": [] } } },
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let hook = TokenHook::new(|_| std::future::ready(Err("the database is down".into())));
    let error = client
        .read_all_files(read_all(Some(hook)))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "a callback failed: the database is down");
    assert_eq!(access(error.user_access_token().unwrap()), "access-2");
    platform.finish().await;
}

#[tokio::test]
async fn a_new_token_that_does_not_say_when_it_expires_counts_as_the_newest() {
    let sparse = json!({ "access_token": { "value": "access-2" } });
    let platform = Platform::start(json!([
        refused(LIST),
        pair("access-2", "k", &sparse),
        key_set("k"),
        list("completed", &["a"]),
        { "on": "GET /v1.7/permission-access/query/session/a", "response": { "status": 404, "text": "" } },
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let read = client.read_all_files(read_all(None)).await.unwrap();
    assert_eq!(access(read.user_access_token.as_ref().unwrap()), "access-2");
    platform.finish().await;
}
