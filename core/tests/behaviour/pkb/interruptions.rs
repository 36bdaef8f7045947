//! What becomes of a refresh that does not go as it should: an answer lost, a process dead, a store away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use digime_sdk::connections::{
    LinkKey, LinkRecord, LinkStatus, LinkStore, MemoryStore, StoreFailure,
};
use digime_sdk::pkb::{Client, CloseOptions, Failure, Store, TokensChanged, UnlinkOptions};
use digime_sdk::world::Clock;
use digime_sdk::{Callback, ErrorKind};
use serde_json::json;

use super::linked::{end_of_link, expired_links, read, status, token};
use super::sandbox::{BOBBY, Pkb, at, complete, shared};
use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

/// Gives the link of `user-1` the lease of a process that will not come back.
async fn leave_lease_behind(pkb: &Pkb, records: &MemoryStore) {
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let key = LinkKey {
        platform: &platform,
        app_user_id: "user-1",
    };
    let mut record = records.link(key).await.unwrap().unwrap();
    record.lease = Some("dead".to_owned());
    record.version += 1;
    assert!(
        records
            .put_link(&record, Some(record.version - 1))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_lost_answer_marks_the_link_and_is_not_asked_for_again_while_the_token_serves() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    clock.advance(Duration::from_secs(570));
    pkb.fault("POST /apiToken.action", json!("lose-answer"), 1)
        .await;
    let served = token(&client).await.unwrap();
    assert_eq!(status(&client).await, LinkStatus::Uncertain);
    assert_eq!(token(&client).await.unwrap(), served);
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn after_a_lost_answer_the_platform_has_the_last_word() {
    let pkb = Pkb::start().await;
    let (told, expired) = expired_links();
    let mut config = pkb.config(Store::Memory);
    config.on_link_expired = Some(told);
    let client = Client::new(config).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    pkb.fault("POST /apiToken.action", json!("lose-answer"), 1)
        .await;
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Transport { .. }),
        "{error}"
    );
    assert_eq!(status(&client).await, LinkStatus::Uncertain);
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::LinkExpired { .. })),
        "{error}"
    );
    assert_eq!(expired.load(Ordering::SeqCst), 1);
    assert_eq!(status(&client).await, LinkStatus::Expired);
}

#[tokio::test]
async fn a_refresh_that_never_left_is_made_by_the_next_call() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    pkb.fault("POST /apiToken.action", json!("reset"), 1).await;
    read(&pkb, &client).await.unwrap_err();
    read(&pkb, &client).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
    assert_eq!(status(&client).await, LinkStatus::Active);
}

#[tokio::test]
async fn a_page_that_says_nothing_does_not_end_a_link() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.turn("expire-sessions", json!({})).await;
    pkb.set_modes(json!({ "htmlErrors": true })).await;
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::Refused(failure)) if failure.status_code == Some(400)),
        "{error}"
    );
    assert_eq!(status(&client).await, LinkStatus::Uncertain);
    pkb.set_modes(json!({ "htmlErrors": false })).await;
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(end_of_link(&error).is_some(), "{error}");
}

#[tokio::test]
async fn a_token_that_serves_is_used_although_a_lease_was_left_behind() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, records) = shared();
    let client = at(pkb.config(store), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    clock.advance(Duration::from_secs(570));
    leave_lease_behind(&pkb, &records).await;
    read(&pkb, &client).await.unwrap();
    assert_eq!(clock.paused(), Duration::ZERO);
    assert_eq!(pkb.tally("refreshes").await, 0);
}

/// A store in which the refresh of another process comes to grief between two looks at a link.
#[derive(Default)]
struct Overtaken {
    looks: AtomicU32,
}

impl Happening for Overtaken {
    fn link(&self, link: &mut LinkRecord) {
        if self.looks.fetch_add(1, Ordering::SeqCst) > 0 {
            link.status = LinkStatus::Uncertain;
        }
    }
}

#[tokio::test]
async fn a_refresh_ahead_of_time_is_left_alone_where_the_answer_to_another_was_lost_meanwhile() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, records) = shared();
    pkb.link(&at(pkb.config(store), &clock), "user-1", BOBBY)
        .await;
    clock.advance(Duration::from_secs(570));
    let overtaken = WrappedStore::new(&records, Overtaken::default());
    let client = at(
        pkb.config(Store::Own(Arc::clone(&overtaken) as Arc<_>)),
        &clock,
    );
    read(&pkb, &client).await.unwrap();
    assert!(overtaken.happening.looks.load(Ordering::SeqCst) > 1);
    assert_eq!(pkb.tally("refreshes").await, 0);
}

#[tokio::test]
async fn a_cancelled_call_does_not_lose_the_new_pair() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    pkb.fault("POST /apiToken.action", json!({ "delayAnswerMs": 300 }), 1)
        .await;
    let cancelled = tokio::time::timeout(Duration::from_millis(100), read(&pkb, &client));
    assert!(cancelled.await.is_err());
    read(&pkb, &client).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn a_store_that_fails_when_the_new_pair_comes_is_tried_until_it_serves() {
    let pkb = Pkb::start().await;
    let store = Flaky::store();
    let client = Client::new(pkb.config(Store::Own(Arc::clone(&store) as Arc<_>))).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    // The lease is written, the pair is not.
    store.happening.succeed.store(1, Ordering::SeqCst);
    store.happening.fail.store(3, Ordering::SeqCst);
    read(&pkb, &client).await.unwrap();
    assert_eq!(store.happening.fail.load(Ordering::SeqCst), 0);
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn a_store_that_is_back_is_given_the_new_pair_before_others_can_count_the_lease_to_its_end() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let store = Flaky::store();
    let client = at(pkb.config(Store::Own(Arc::clone(&store) as Arc<_>)), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    store.happening.succeed.store(1, Ordering::SeqCst);
    store.happening.fail.store(40, Ordering::SeqCst);
    read(&pkb, &client).await.unwrap();
    assert_eq!(store.happening.fail.load(Ordering::SeqCst), 0);
    // The answer comes within five sixths of the lease, of which no more seconds can have been counted.
    let longest = clock.slept().into_iter().max().unwrap();
    assert!(longest < Duration::from_secs(30) / 6, "{longest:?}");
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn the_application_learns_of_tokens_whose_storing_was_acknowledged_to_nobody() {
    let pkb = Pkb::start().await;
    let store = Flaky::store();
    let mut config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
    let told = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&told);
    config.on_tokens_changed = Some(Callback::new(move |_: TokensChanged| {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    }));
    let client = at(config, &TestClock::new());
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    // The lease is acknowledged, the pair is not.
    store.happening.succeed.store(1, Ordering::SeqCst);
    store.happening.unacknowledged.store(1, Ordering::SeqCst);
    read(&pkb, &client).await.unwrap();
    assert_eq!(store.happening.unacknowledged.load(Ordering::SeqCst), 0);
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_disk_that_is_full_for_hours_and_freed_then_loses_nothing() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let store = Flaky::store();
    let client = at(pkb.config(Store::Own(Arc::clone(&store) as Arc<_>)), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    store.happening.succeed.store(1, Ordering::SeqCst);
    store.happening.fail.store(u32::MAX, Ordering::SeqCst);
    let begun = clock.now();
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Timeout { phase: "call", .. }),
        "{error}"
    );
    while clock.now() < begun + Duration::from_hours(6) {
        tokio::task::yield_now().await;
    }
    store.happening.fail.store(0, Ordering::SeqCst);
    read(&pkb, &client).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
    // The pair came long ago: to another process its access token has expired, and its refresh token, which nobody has spent, serves.
    let config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
    read(&pkb, &at(config, &clock)).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (2, 0)
    );
}

#[tokio::test]
async fn a_lease_whose_writing_was_acknowledged_to_nobody_is_used_all_the_same() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let store = Flaky::store();
    let config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
    let client = at(config, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let unheard = &store.happening.unacknowledged;
    unheard.store(1, Ordering::SeqCst);
    read(&pkb, &client).await.unwrap();
    assert_eq!(unheard.load(Ordering::SeqCst), 0);
    assert_eq!(pkb.tally("refreshes").await, 1);
    assert_eq!(clock.paused(), Duration::ZERO);
}

#[tokio::test]
async fn a_lease_that_a_store_took_and_would_not_say_so_is_given_up_as_soon_as_it_serves() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let store = Flaky::store();
    let config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
    let client = at(config.clone(), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    // It is tried to be taken twice, and to be given up three times in vain.
    store.happening.unacknowledged.store(2, Ordering::SeqCst);
    store.happening.fail.store(3, Ordering::SeqCst);
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Store { .. }), "{error}");
    assert!(
        client
            .close(CloseOptions::default())
            .await
            .unwrap()
            .finished
    );
    assert!(
        clock.paused() < Duration::from_secs(1),
        "{:?}",
        clock.paused()
    );
    assert_eq!(pkb.tally("refreshes").await, 0);
    let before = clock.paused();
    read(&pkb, &at(config, &clock)).await.unwrap();
    assert_eq!(clock.paused(), before);
    assert_eq!(pkb.tally("refreshes").await, 1);
}

#[tokio::test]
async fn a_turn_at_an_attempt_that_a_store_took_and_would_not_say_so_is_had_again_at_once() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let store = Flaky::store();
    let config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
    let client = at(config.clone(), &clock);
    // The turn to exchange the code, and the turn to link.
    for (user, heard) in [("user-1", 0), ("user-2", 2)] {
        let callback = pkb.callback(&client, user, BOBBY).await;
        let before = pkb.tally("exchanges").await;
        store.happening.succeed.store(heard, Ordering::SeqCst);
        store.happening.unacknowledged.store(2, Ordering::SeqCst);
        let error = client.complete_link(complete(&callback)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Store { .. }), "{error}");
        // The callback is loaded again, wherever that leads to.
        let other = at(config.clone(), &clock);
        let link = other.complete_link(complete(&callback)).await.unwrap();
        assert_eq!(link.app_user_id, user);
        assert_eq!(pkb.tally("exchanges").await, before + 1);
        let options = UnlinkOptions::builder().app_user_id(user.parse().unwrap());
        client.unlink(options.build()).await.unwrap();
    }
    let paused = clock.paused();
    assert!(paused < Duration::from_secs(1), "{paused:?}");
}

#[tokio::test]
async fn a_user_who_unlinks_during_a_refresh_stays_unlinked() {
    let pkb = Arc::new(Pkb::start().await);
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    pkb.fault("POST /apiToken.action", json!({ "delayAnswerMs": 300 }), 1)
        .await;
    let reading = {
        let (pkb, client) = (Arc::clone(&pkb), client.clone());
        tokio::spawn(async move { read(&pkb, &client).await })
    };
    while pkb.tally("refreshes").await == 0 {
        tokio::task::yield_now().await;
    }
    client
        .unlink(
            UnlinkOptions::builder()
                .app_user_id("user-1".parse().unwrap())
                .build(),
        )
        .await
        .unwrap();
    let error = reading.await.unwrap().unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::NotLinked)),
        "{error}"
    );
    assert!(matches!(
        Failure::of(&token(&client).await.unwrap_err()),
        Some(Failure::NotLinked)
    ));
}

/// A store some of whose next writes fail.
#[derive(Default)]
struct Flaky {
    succeed: AtomicU32,
    fail: AtomicU32,
    unacknowledged: AtomicU32,
}

impl Flaky {
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

impl Happening for Flaky {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        if Self::take(&self.succeed) {
            return change();
        }
        if Self::take(&self.unacknowledged) {
            let changed = change();
            return Box::pin(async {
                changed.await?;
                Err(StoreFailure::new("the connection broke"))
            });
        }
        if Self::take(&self.fail) {
            return Box::pin(async { Err(StoreFailure::new("the disk is full")) });
        }
        change()
    }
}
