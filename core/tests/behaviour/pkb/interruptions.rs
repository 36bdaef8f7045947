//! What becomes of a refresh that does not go as it should: an answer lost, a process dead, a store away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::connections::{LinkKey, LinkRecord, LinkStatus, LinkStore, MemoryStore};
use digime_sdk::pkb::{Client, Failure, Store, UnlinkOptions};
use digime_sdk::world::Clock;
use serde_json::json;

use super::flaky_store::Flaky;
use super::linked::{end_of_link, expired_links, read, status, token};
use super::sandbox::{BOBBY, Pkb, at, shared};
use super::wrapped_store::{Happening, WrappedStore};
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
