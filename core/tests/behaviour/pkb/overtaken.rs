//! What becomes of a refresh that others overtake between its reading of the record and its first write: ways that the model of the lease
//! (`tests/model`) has found.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::connections::{LinkStatus, MemoryStore};
use digime_sdk::pkb::{Client, Store, UnlinkOptions};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::linked::{read, status, token};
use super::sandbox::{BOBBY, Pkb, at, shared};
use super::weather::{Acknowledged, Slow};
use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

/// A store before whose first write of one process others do something.
struct Overtaken(Mutex<Option<BoxFuture<'static, ()>>>);

impl Happening for Overtaken {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        let others = self.0.lock().unwrap().take();
        Box::pin(async move {
            if let Some(others) = others {
                others.await;
            }
            change().await
        })
    }
}

/// A client that others overtake so.
fn overtaken(
    pkb: &Pkb,
    records: &Arc<MemoryStore>,
    clock: &Arc<TestClock>,
    others: impl Future<Output = ()> + Send + 'static,
) -> Client {
    let happening = Overtaken(Mutex::new(Some(Box::pin(others))));
    let store = WrappedStore::new(records, happening);
    at(pkb.config(Store::Own(store)), clock)
}

async fn spent(pkb: &Pkb) -> (u64, u64) {
    (pkb.tally("refreshes").await, pkb.tally("reuses").await)
}

#[tokio::test]
async fn a_lost_answer_is_not_asked_for_again_by_who_was_about_to_refresh_early_as_well() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, records) = shared();
    let first = at(pkb.config(store), &clock);
    pkb.link(&first, "user-1", BOBBY).await;
    let served = token(&first).await.unwrap();
    clock.advance(Duration::from_secs(570));
    pkb.fault("POST /apiToken.action", json!("lose-answer"), 1)
        .await;
    let second = {
        let first = first.clone();
        overtaken(&pkb, &records, &clock, async move {
            token(&first).await.unwrap();
        })
    };
    assert_eq!(token(&second).await.unwrap(), served);
    assert_eq!(spent(&pkb).await, (1, 0));
    assert_eq!(status(&first).await, LinkStatus::Uncertain);
    read(&pkb, &second).await.unwrap();
}

#[tokio::test]
async fn who_was_about_to_refresh_early_goes_on_with_the_token_that_serves_while_another_refreshes()
{
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, records) = shared();
    let linked = at(pkb.config(store), &clock);
    pkb.link(&linked, "user-1", BOBBY).await;
    let served = token(&linked).await.unwrap();
    clock.advance(Duration::from_secs(545));
    let dies = Slow::store(&records, &clock, [Acknowledged::Never]);
    let first = at(pkb.config(Store::Own(dies.clone())), &clock);
    let second = overtaken(&pkb, &records, &clock, async move {
        tokio::select! {
            biased;
            _ = token(&first) => panic!("it came to its end"),
            () = dies.happening.dead.notified() => {}
        }
    });
    assert_eq!(token(&second).await.unwrap(), served);
    assert!(
        clock.paused() < Duration::from_secs(1),
        "{:?}",
        clock.paused()
    );
    assert_eq!(spent(&pkb).await, (0, 0));
}

#[tokio::test]
async fn a_link_that_was_made_anew_meanwhile_is_not_written_over_by_the_one_before() {
    let pkb = Arc::new(Pkb::start().await);
    let clock = TestClock::new();
    let (store, records) = shared();
    let other = at(pkb.config(store), &clock);
    pkb.link(&other, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let anew = Arc::new(Mutex::new(String::new()));
    let client = {
        let (pkb_of_others, other, anew) = (Arc::clone(&pkb), other.clone(), Arc::clone(&anew));
        overtaken(&pkb, &records, &clock, async move {
            let options = UnlinkOptions::builder().app_user_id("user-1".parse().unwrap());
            other.unlink(options.build()).await.unwrap();
            pkb_of_others.link(&other, "user-1", BOBBY).await;
            let token = token(&other).await.unwrap();
            *anew.lock().unwrap() = token;
        })
    };
    read(&pkb, &client).await.unwrap();
    assert_eq!(token(&other).await.unwrap(), *anew.lock().unwrap());
    assert_eq!(spent(&pkb).await, (0, 0));
}
