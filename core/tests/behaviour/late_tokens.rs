//! Calls that come late: with a token that was replaced long ago, or for an answer that nobody waited for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::World;
use digime_sdk::digime::{Client, RefreshTokenOptions, TimeoutOptions, TokenHook, UserAccessToken};
use digime_sdk::world::{Clock, Event, Observer};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::kept_tokens::{access, key_set, pair, refused};
use crate::pkb::weather::Disturbed;
use crate::scripted::{Platform, TestClock, client_at, contract, read_accounts, token};

const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";

fn accounts() -> Value {
    json!({ "on": ACCOUNTS, "response": { "status": 200, "json": [] } })
}

async fn refreshed(client: &Client, token: UserAccessToken) -> UserAccessToken {
    let options = RefreshTokenOptions::builder()
        .contract_details(contract())
        .user_access_token(token)
        .build();
    client.refresh_token(options).await.unwrap()
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

#[tokio::test]
async fn a_call_that_comes_late_learns_the_newest_token_and_not_the_one_that_came_after_its_own() {
    let platform = Platform::start(json!([
        pair("access-2", "k", &json!({})),
        key_set("k"),
        pair("access-3", "k", &json!({})),
        refused(ACCOUNTS),
        accounts(),
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let second = refreshed(&client, token("access-1", "refresh-1")).await;
    refreshed(&client, second).await;
    let (hook, heard) = listener();
    let mut options = read_accounts();
    options.on_access_token_change = Some(hook);
    let read = client.read_accounts(options).await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["access-3"]);
    assert_eq!(access(read.user_access_token.as_ref().unwrap()), "access-3");
    platform.finish().await;
}

#[tokio::test]
async fn a_call_whose_token_was_replaced_by_one_that_is_refused_too_refreshes_once_itself() {
    let platform = Platform::start(json!([
        pair("access-2", "k", &json!({})),
        key_set("k"),
        refused(ACCOUNTS),
        refused(ACCOUNTS),
        pair("access-3", "k", &json!({})),
        refused(ACCOUNTS),
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    refreshed(&client, token("access-1", "refresh-1")).await;
    let (hook, heard) = listener();
    let mut options = read_accounts();
    options.on_access_token_change = Some(hook);
    let error = client.read_accounts(options).await.unwrap_err();
    assert_eq!(*heard.lock().unwrap(), ["access-2", "access-3"]);
    assert_eq!(access(error.user_access_token().unwrap()), "access-3");
    platform.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_set_an_hour_ahead_makes_no_refresh_token_go_twice() {
    let platform = Platform::start(json!([
        pair("access-2", "k", &json!({})),
        key_set("k"),
        refused(ACCOUNTS),
        accounts(),
    ]))
    .await;
    let clock = Arc::new(Disturbed {
        clock: TestClock::new(),
        asleep: Duration::ZERO,
        set_by: Duration::from_hours(1),
    });
    let world = World {
        clock: clock.clone(),
        ..World::real().unwrap()
    };
    let client = Client::in_world(platform.config(), world).unwrap();
    refreshed(&client, token("access-1", "refresh-1")).await;
    clock.sleep(Duration::ZERO).await;
    let read = client.read_accounts(read_accounts()).await.unwrap();
    assert_eq!(access(read.user_access_token.as_ref().unwrap()), "access-2");
    platform.finish().await;
}

/// Says when a refresh has come to its end.
struct Ended(Arc<Notify>);

impl Observer for Ended {
    fn observe(&self, event: &Event) {
        if matches!(
            event,
            Event::Refresh {
                succeeded: Some(_),
                ..
            }
        ) {
            self.0.notify_one();
        }
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_verified_is_kept_for_who_asks_next_where_nobody_waits_any_more() {
    let mut unavailable =
        json!({ "on": "GET /v1.7/jwks", "response": { "status": 503, "text": "" } });
    unavailable["repeat"] = true.into();
    let platform = Platform::start(json!([pair("access-2", "k", &json!({})), unavailable])).await;
    let ended = Arc::new(Notify::new());
    let world = World {
        clock: TestClock::new() as Arc<dyn Clock>,
        observer: Some(Arc::new(Ended(Arc::clone(&ended)))),
        ..World::real().unwrap()
    };
    let client = Client::in_world(platform.config(), world).unwrap();
    let times = |call| TimeoutOptions {
        call: Some(call),
        ..TimeoutOptions::default()
    };
    let options = || {
        RefreshTokenOptions::builder()
            .contract_details(contract())
            .user_access_token(token("access-1", "refresh-1"))
            .build()
    };
    let hurried = client.with_timeouts(&times(1));
    let error = hurried.refresh_token(options()).await.unwrap_err();
    assert!(error.user_access_token().is_none(), "{error}");
    ended.notified().await;
    // The task of the refresh ends in the turn in which it says so.
    tokio::task::yield_now().await;
    let patient = client.with_timeouts(&times(0));
    let error = patient.refresh_token(options()).await.unwrap_err();
    assert_eq!(access(error.user_access_token().unwrap()), "access-2");
    platform.finish().await;
}
