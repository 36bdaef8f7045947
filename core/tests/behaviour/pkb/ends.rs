//! Who is told that a link is over, whatever becomes of the writing of it and of the call that found it out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use digime_sdk::connections::{LinkStatus, StoreFailure};
use digime_sdk::pkb::{Client, CloseOptions, Store};
use serde_json::json;
use tokio::sync::Notify;

use super::linked::{end_of_link, expired_links, read, status, token};
use super::sandbox::{BOBBY, Pkb, at};
use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

/// A store that does what it is asked to, and is not heard.
#[derive(Default)]
struct Unheard {
    /// How many writes are heard before.
    before: AtomicU32,
    /// How many are not, from then on.
    lost: AtomicU32,
    /// Whether each write is heard only when it is said so.
    waits: AtomicBool,
    written: Notify,
    says: Notify,
}

impl Unheard {
    fn store() -> Arc<WrappedStore<Self>> {
        WrappedStore::new(&Arc::default(), Self::default())
    }

    fn take(count: &AtomicU32) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        count
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
            .is_ok()
    }
}

impl Happening for Unheard {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        let is_heard = Self::take(&self.before) || !Self::take(&self.lost);
        Box::pin(async move {
            let changed = change().await?;
            if self.waits.load(Ordering::SeqCst) {
                self.written.notify_one();
                self.says.notified().await;
            }
            if is_heard {
                Ok(changed)
            } else {
                Err(StoreFailure::new("the connection broke"))
            }
        })
    }
}

/// A client with such a store, a user who is linked, and how often it was told of an end.
async fn linked(pkb: &Pkb) -> (Arc<WrappedStore<Unheard>>, Client, Arc<AtomicU32>) {
    let store = Unheard::store();
    let (told, count) = expired_links();
    let mut config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
    config.on_link_expired = Some(told);
    let client = at(config, &TestClock::new());
    pkb.link(&client, "user-1", BOBBY).await;
    (store, client, count)
}

async fn is_over(pkb: &Pkb, client: &Client) {
    let error = read(pkb, client).await.unwrap_err();
    assert!(end_of_link(&error).is_some(), "{error}");
    assert_eq!(status(client).await, LinkStatus::Expired);
}

#[tokio::test]
async fn who_refreshes_ahead_of_time_and_hears_that_the_session_is_over_says_so_at_once() {
    let pkb = Pkb::start().await;
    let (told, count) = expired_links();
    let mut config = pkb.config(Store::Memory);
    config.on_link_expired = Some(told);
    let clock = TestClock::new();
    let client = at(config, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    // The access token serves for half a minute yet.
    clock.advance(Duration::from_secs(570));
    let over = json!({ "status": 400, "body": { "error": "invalid_grant" } });
    pkb.fault("POST /apiToken.action", over, 1).await;
    let error = token(&client).await.unwrap_err();
    assert!(end_of_link(&error).is_some(), "{error}");
    assert_eq!(status(&client).await, LinkStatus::Expired);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_application_learns_of_an_end_whose_storing_was_acknowledged_to_nobody() {
    let pkb = Pkb::start().await;
    let (store, client, told) = linked(&pkb).await;
    pkb.turn("expire-sessions", json!({})).await;
    store.happening.lost.store(1, Ordering::SeqCst);
    is_over(&pkb, &client).await;
    assert_eq!(told.load(Ordering::SeqCst), 1);
    is_over(&pkb, &client).await;
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_application_learns_of_an_end_that_a_refresh_found_and_whose_storing_was_acknowledged_to_nobody()
 {
    let pkb = Pkb::start().await;
    let (store, client, told) = linked(&pkb).await;
    pkb.turn("expire-sessions", json!({})).await;
    pkb.expire_access_tokens().await;
    // The lease is acknowledged, the end is not.
    store.happening.before.store(1, Ordering::SeqCst);
    store.happening.lost.store(1, Ordering::SeqCst);
    // PKB may say it to the call, before there is any refresh.
    pkb.fault("GET /fhir/Patient/{id}", json!({ "status": 401 }), 1)
        .await;
    is_over(&pkb, &client).await;
    assert_eq!(store.happening.lost.load(Ordering::SeqCst), 0);
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_application_learns_of_an_end_although_the_call_that_found_it_is_cancelled() {
    let pkb = Arc::new(Pkb::start().await);
    let (store, client, told) = linked(&pkb).await;
    pkb.turn("expire-sessions", json!({})).await;
    store.happening.waits.store(true, Ordering::SeqCst);
    {
        let reading = std::pin::pin!(read(&pkb, &client));
        tokio::select! {
            biased;
            () = store.happening.written.notified() => {}
            _ = reading => panic!("it came to its end"),
        }
    }
    store.happening.waits.store(false, Ordering::SeqCst);
    store.happening.says.notify_one();
    let close = CloseOptions::builder().build();
    assert!(client.close(close).await.unwrap().finished);
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn calls_that_find_the_same_end_at_once_tell_of_it_once() {
    let pkb = Pkb::start().await;
    let (store, client, told) = linked(&pkb).await;
    pkb.turn("expire-sessions", json!({})).await;
    store.happening.lost.store(2, Ordering::SeqCst);
    let calls = (0..4).map(|_| is_over(&pkb, &client));
    futures_util::future::join_all(calls).await;
    assert_eq!(told.load(Ordering::SeqCst), 1);
}
