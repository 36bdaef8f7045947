//! Watching on: while a store fails, while others watch, and when a patient has linked again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::connections::{MemoryStore, StoreFailure};
use digime_sdk::pkb::{Client, Store};
use futures_util::future::{BoxFuture, ready};
use serde_json::json;

use super::answering::Answering;
use super::sandbox::{BOBBY, at};
use super::watching::{MINUTE, Two, changed, watch};
use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

/// A store that fails so often, and of which something happens before its links are listed a second time from the first on.
#[derive(Default)]
struct Moody {
    fails_to_change: AtomicU32,
    fails_to_list: AtomicU32,
    listed: AtomicU32,
    meanwhile: Mutex<Option<BoxFuture<'static, ()>>>,
}

/// Whether one of so many failures is left.
fn fails(left: &AtomicU32) -> bool {
    let one_less = |left: u32| left.checked_sub(1);
    let (set, read) = (Ordering::SeqCst, Ordering::SeqCst);
    left.fetch_update(set, read, one_less).is_ok()
}

impl Happening for Moody {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        if fails(&self.fails_to_change) {
            return Box::pin(ready(Err(StoreFailure::new("out of order"))));
        }
        change()
    }

    fn list(&self) -> Stored<'_, ()> {
        if fails(&self.fails_to_list) {
            return Box::pin(ready(Err(StoreFailure::new("out of order"))));
        }
        // Each time it is asked for what comes after the last, too.
        let is_second = self.listed.fetch_add(1, Ordering::SeqCst) == 2;
        Box::pin(async move {
            let meanwhile = self.meanwhile.lock().unwrap().take_if(|_| is_second);
            if let Some(meanwhile) = meanwhile {
                meanwhile.await;
            }
            Ok(())
        })
    }
}

type MoodyStore = Arc<WrappedStore<Moody>>;

impl Two {
    /// A third process, whose store is of a moody kind.
    fn moody(&self) -> (MoodyStore, Client) {
        let store = WrappedStore::new(&self.kept, Moody::default());
        let config = self.pkb.config(Store::Own(store.clone()));
        (store, at(config, &self.clock))
    }
}

#[tokio::test]
async fn a_watch_outlives_a_store_that_fails_for_a_moment() {
    let two = Two::linked().await;
    let (store, client) = two.moody();
    let mut watching = watch(&client, &json!({})).unwrap();
    store.happening.fails_to_list.store(2, Ordering::SeqCst);
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-1");
    assert_eq!(two.clock.slept(), [Duration::from_secs(1); 2]);
    store.happening.fails_to_change.store(2, Ordering::SeqCst);
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-2");
    // That the first was dealt with was noted all the same.
    two.clock.advance(Duration::from_millis(10 * MINUTE));
    let mut other = watch(&two.second, &json!({})).unwrap();
    assert_eq!(other.next().await.unwrap().app_user_id, "user-2");
}

#[tokio::test]
async fn a_watch_ends_with_the_reason_when_its_store_fails_for_long_and_notes_what_was_dealt_with_when_asked_again()
 {
    let two = Two::linked().await;
    let (store, client) = two.moody();
    let mut watching = watch(&client, &json!({ "every": 5000 })).unwrap();
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-1");
    store.happening.fails_to_change.store(100, Ordering::SeqCst);
    let error = watching.next().await.unwrap_err();
    assert_eq!(error.code(), "ERR_STORE");
    assert!(two.clock.paused() >= Duration::from_secs(5));
    store.happening.fails_to_change.store(0, Ordering::SeqCst);
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-2");
    two.clock.advance(Duration::from_millis(10 * MINUTE));
    let mut other = watch(&two.second, &json!({})).unwrap();
    assert_eq!(other.next().await.unwrap().app_user_id, "user-2");
}

#[tokio::test]
async fn what_was_dealt_with_of_a_link_is_not_dealt_with_of_the_one_that_the_patient_has_made_since()
 {
    let two = Two::linked().await;
    let mut before = watch(&two.first, &json!({})).unwrap();
    assert_eq!(before.next().await.unwrap().app_user_id, "user-1");
    two.clock.advance(Duration::from_secs(1));
    two.pkb.link(&two.second, "user-1", BOBBY).await;
    // Who is given the record of the new link dies before they deal with it.
    let mut dying = watch(&two.second, &json!({})).unwrap();
    assert_eq!(dying.next().await.unwrap().app_user_id, "user-1");
    drop(dying);
    assert_eq!(before.next().await.unwrap().app_user_id, "user-2");
    two.clock.advance(Duration::from_millis(10 * MINUTE));
    let mut after = watch(&two.second, &json!({})).unwrap();
    let again = after.next().await.unwrap();
    assert_eq!((&*again.app_user_id, again.previous), ("user-1", None));
}

#[tokio::test]
async fn one_look_that_failed_ends_no_watch_while_others_look() {
    let answers = [(403, "{}".to_owned()), changed("2027-01-01T00:00:00Z")];
    let pkb = Answering::with(answers).await;
    let (kept, clock) = (Arc::new(MemoryStore::default()), TestClock::new());
    let store = WrappedStore::new(&kept, Moody::default());
    let [client, other] = [Store::Own(store.clone()), Store::Own(kept)].map(|store| {
        let mut config = pkb.config(&json!({}));
        config.store = Some(store);
        config.encryption_key = Some("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".into());
        at(config, &clock)
    });
    pkb.import(&client).await;
    let mut others = watch(&other, &json!({})).unwrap();
    let looks = Box::pin(async move { drop(others.next().await.unwrap()) });
    *store.happening.meanwhile.lock().unwrap() = Some(looks);
    // Nobody has dealt with what the other was given.
    let given = watch(&client, &json!({})).unwrap().next().await.unwrap();
    assert_eq!(given.previous, None);
    assert_eq!(pkb.heard().len(), 3);
}
