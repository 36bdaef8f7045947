//! Leases that a dead process has left behind: what has been seen of one outlives who saw it, and none is taken over early.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::connections::{LinkKey, LinkStatus, LinkStore, MemoryStore, StoreFailure};
use digime_sdk::digime::TimeoutOptions;
use digime_sdk::pkb::{Failure, Store};
use serde_json::json;

use super::linked::{read, status};
use super::sandbox::{BOBBY, Pkb, complete, shared};
use super::weather::{Acknowledged, Disturbed, Mortal, Slow, Weather, under};
use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

const LEASE: Duration = Duration::from_secs(30);

/// A patient whose token must be refreshed, and whose link has the lease of a process that died when it had taken it.
async fn left_behind(pkb: &Pkb, clock: &Arc<TestClock>) -> (Store, Arc<MemoryStore>) {
    let (store, links) = shared();
    let weather = Weather::new(clock, []);
    let client = under(pkb.config(store.clone()), clock.clone(), &weather);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let dies = Slow::store(&links, clock, [Acknowledged::Never]);
    let client = under(
        pkb.config(Store::Own(dies.clone())),
        clock.clone(),
        &weather,
    );
    die(&dies, read(pkb, &client)).await;
    (store, links)
}

/// Makes a call until its process dies.
async fn die<T>(store: &WrappedStore<Slow>, call: impl Future<Output = T>) {
    tokio::select! {
        biased;
        _ = call => panic!("it came to its end"),
        () = store.happening.dead.notified() => {}
    }
}

async fn spent(pkb: &Pkb) -> (u64, u64) {
    (pkb.tally("refreshes").await, pkb.tally("reuses").await)
}

#[tokio::test]
async fn a_lease_is_taken_over_when_it_was_watched_for_as_long_as_it_lasts() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, _) = left_behind(&pkb, &clock).await;
    let client = under(pkb.config(store), clock.clone(), &Weather::new(&clock, []));
    read(&pkb, &client).await.unwrap();
    let paused = clock.paused();
    assert!(
        (LEASE..LEASE + Duration::from_secs(2)).contains(&paused),
        "{paused:?}"
    );
    assert_eq!(status(&client).await, LinkStatus::Active);
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn what_was_seen_of_a_lease_outlives_watchers_that_are_killed() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, _) = left_behind(&pkb, &clock).await;
    let mut killed = 0;
    loop {
        let mortal = Mortal::new(&clock, Duration::from_millis(2200));
        let client = under(
            pkb.config(store.clone()),
            mortal.clone(),
            &Weather::new(&clock, []),
        );
        tokio::select! {
            biased;
            outcome = read(&pkb, &client) => break outcome.unwrap(),
            () = mortal.dead.notified() => killed += 1,
        }
        assert!(killed < 30, "nobody ever takes it over");
    }
    // Two seconds each.
    assert_eq!(killed, 15);
    assert!(clock.paused() >= LEASE, "{:?}", clock.paused());
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn two_watchers_at_once_count_no_second_twice() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, _) = left_behind(&pkb, &clock).await;
    let client = || {
        under(
            pkb.config(store.clone()),
            clock.clone(),
            &Weather::new(&clock, []),
        )
    };
    let (one, another) = (client(), client());
    let (first, second) = tokio::join!(read(&pkb, &one), read(&pkb, &another));
    first.unwrap();
    second.unwrap();
    // It is one clock, which all their pauses move.
    assert!(clock.paused() >= LEASE, "{:?}", clock.paused());
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn of_a_pause_between_two_looks_no_more_than_half_a_second_counts() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, _) = left_behind(&pkb, &clock).await;
    let asleep = Disturbed {
        clock: clock.clone(),
        asleep: Duration::from_hours(1),
        set_by: Duration::ZERO,
    };
    let mut config = pkb.config(store);
    config.timeouts = Some(time_outs(
        json!({ "call": 0, "total": 365 * 24 * 3_600_000_u64 }),
    ));
    let client = under(config, Arc::new(asleep), &Weather::new(&clock, []));
    read(&pkb, &client).await.unwrap();
    let looks = clock.slept().len();
    assert!(looks >= 60, "{looks}");
}

fn time_outs(timeouts: serde_json::Value) -> TimeoutOptions {
    serde_json::from_value(timeouts).unwrap()
}

#[tokio::test]
async fn waiting_for_a_lease_heeds_the_time_outs() {
    for (timeouts, expected) in [
        (json!({ "total": 3000 }), ("total", Duration::from_secs(3))),
        (json!({ "call": 5000 }), ("call", Duration::from_secs(5))),
    ] {
        let pkb = Pkb::start().await;
        let clock = TestClock::new();
        let (store, _) = left_behind(&pkb, &clock).await;
        let mut config = pkb.config(store);
        config.timeouts = Some(time_outs(timeouts));
        let client = under(config, clock.clone(), &Weather::new(&clock, []));
        let error = read(&pkb, &client).await.unwrap_err();
        let ErrorKind::Timeout { phase, after, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*phase, *after), expected);
        assert!(clock.paused() < LEASE, "{:?}", clock.paused());
        assert_eq!(spent(&pkb).await, (0, 0));
    }
}

#[tokio::test]
async fn a_call_that_may_take_as_long_as_it_likes_waits_for_a_lease_to_its_end() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, _) = left_behind(&pkb, &clock).await;
    let mut config = pkb.config(store);
    config.timeouts = Some(time_outs(json!({ "call": 0 })));
    let client = under(config, clock.clone(), &Weather::new(&clock, []));
    read(&pkb, &client).await.unwrap();
    assert!(clock.paused() >= LEASE, "{:?}", clock.paused());
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn a_caller_that_leaves_ends_the_waiting_and_whoever_comes_next_begins_anew() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, _) = left_behind(&pkb, &clock).await;
    let mortal = Mortal::new(&clock, Duration::from_secs(2));
    let client = under(pkb.config(store), mortal.clone(), &Weather::new(&clock, []));
    tokio::select! {
        biased;
        _ = read(&pkb, &client) => panic!("it came to its end"),
        () = mortal.dead.notified() => {}
    }
    mortal.revive();
    // The pause of the first never ends.
    read(&pkb, &client).await.unwrap();
    assert_eq!(spent(&pkb).await, (1, 0));
}

/// A callback whose attempt a process was at that died when it had taken it on, or when it had stored the tokens.
async fn dead_completion(pkb: &Pkb, clock: &Arc<TestClock>, writes: usize) -> (Store, String) {
    let (store, links) = shared();
    let weather = Weather::new(clock, []);
    let client = under(pkb.config(store.clone()), clock.clone(), &weather);
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let mut fate: Vec<_> = (1..writes)
        .map(|_| Acknowledged::After(Duration::ZERO))
        .collect();
    fate.push(Acknowledged::Never);
    let dies = Slow::store(&links, clock, fate);
    let client = under(
        pkb.config(Store::Own(dies.clone())),
        clock.clone(),
        &weather,
    );
    die(&dies, client.complete_link(complete(&callback))).await;
    (store, callback)
}

async fn completed_by_mortals(
    pkb: &Pkb,
    clock: &Arc<TestClock>,
    store: &Store,
    callback: &str,
) -> Result<(), digime_sdk::Error> {
    for _ in 0..30 {
        let mortal = Mortal::new(clock, Duration::from_millis(2300));
        let client = under(
            pkb.config(store.clone()),
            mortal.clone(),
            &Weather::new(clock, []),
        );
        tokio::select! {
            biased;
            outcome = client.complete_link(complete(callback)) => return outcome.map(drop),
            () = mortal.dead.notified() => {}
        }
    }
    panic!("nobody ever takes it over")
}

#[tokio::test]
async fn an_attempt_that_a_dead_process_was_exchanging_is_given_up_after_a_lease_of_seconds_all_told()
 {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, callback) = dead_completion(&pkb, &clock, 1).await;
    let error = completed_by_mortals(&pkb, &clock, &store, &callback).await;
    let error = error.unwrap_err();
    assert!(
        matches!(
            Failure::of(&error),
            Some(Failure::LinkState { reason: "used", .. })
        ),
        "{error}"
    );
    assert!(clock.paused() >= LEASE, "{:?}", clock.paused());
    assert_eq!(pkb.tally("exchanges").await, 0);
}

#[tokio::test]
async fn an_attempt_that_a_dead_process_was_linking_is_gone_on_with_after_a_lease_of_seconds_all_told()
 {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    // Taken on, tokens stored, taken on to link.
    let (store, callback) = dead_completion(&pkb, &clock, 3).await;
    completed_by_mortals(&pkb, &clock, &store, &callback)
        .await
        .unwrap();
    assert!(clock.paused() >= LEASE, "{:?}", clock.paused());
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn a_link_whose_maker_died_before_it_said_so_is_found_and_its_spent_token_not_sent_again() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    // … their turn confirmed, and the link written.
    let (store, callback) = dead_completion(&pkb, &clock, 5).await;
    let client = under(pkb.config(store), clock.clone(), &Weather::new(&clock, []));
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    clock.advance(Duration::from_mins(20));
    client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(spent(&pkb).await, (1, 0));
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    assert_eq!(spent(&pkb).await.1, 0);
}

#[tokio::test]
async fn a_link_whose_maker_died_before_it_said_so_is_not_made_again_over_one_that_came_after_it() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, callback) = dead_completion(&pkb, &clock, 5).await;
    let client = under(pkb.config(store), clock.clone(), &Weather::new(&clock, []));
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    clock.advance(Duration::from_mins(20));
    client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(spent(&pkb).await, (1, 0));
}

/// A store that says of one of the next writes that it failed, and has done it.
struct Unsaid(AtomicI32);

impl Happening for Unsaid {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        let changed = change();
        if self.0.fetch_sub(1, Ordering::SeqCst) != 1 {
            return changed;
        }
        Box::pin(async {
            changed.await?;
            Err(StoreFailure::new("the connection broke"))
        })
    }
}

/// A store that refuses one of the next writes.
struct Refusing(AtomicI32);

impl Happening for Refusing {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        if self.0.fetch_sub(1, Ordering::SeqCst) != 1 {
            return change();
        }
        Box::pin(async { Err(StoreFailure::new("the disk is full")) })
    }
}

#[tokio::test]
async fn a_link_whose_maker_could_not_say_so_is_found_at_once() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (_, links) = shared();
    // Begun, taken on, tokens stored, taken on to link, their turn confirmed, the link written, and the attempt over.
    let refusing = WrappedStore::new(&links, Refusing(AtomicI32::new(7)));
    let config = pkb.config(Store::Own(refusing));
    let client = under(config, clock.clone(), &Weather::new(&clock, []));
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    client.complete_link(complete(&callback)).await.unwrap_err();
    let before = clock.paused();
    client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(clock.paused(), before);
    assert_eq!(pkb.tally("exchanges").await, 1);
}

#[tokio::test]
async fn the_tokens_of_a_link_that_may_still_be_written_are_refreshed_by_nobody_but_the_link() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let (store, links) = shared();
    let client = under(pkb.config(store), clock.clone(), &Weather::new(&clock, []));
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    // Taken on, tokens stored, taken on to link, their turn confirmed, and the link written.
    let unsaid = WrappedStore::new(&links, Unsaid(AtomicI32::new(5)));
    let config = pkb.config(Store::Own(unsaid));
    let gives_up = under(config, clock.clone(), &Weather::new(&clock, []));
    gives_up
        .complete_link(complete(&callback))
        .await
        .unwrap_err();
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let key = LinkKey {
        platform: &platform,
        app_user_id: "user-1",
    };
    let late = links.link(key).await.unwrap().unwrap();
    assert!(links.remove_link(key, late.version).await.unwrap());
    // Another goes on, when they have expired.
    clock.advance(Duration::from_mins(20));
    pkb.expire_access_tokens().await;
    client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(spent(&pkb).await, (0, 0));
    assert!(!links.put_link(&late, None).await.unwrap());
    read(&pkb, &client).await.unwrap();
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn waiting_for_another_completion_heeds_the_time_outs() {
    for (timeouts, expected) in [
        (json!({ "total": 3000 }), "total"),
        (json!({ "call": 5000 }), "call"),
    ] {
        let pkb = Pkb::start().await;
        let clock = TestClock::new();
        let (store, callback) = dead_completion(&pkb, &clock, 1).await;
        let mut config = pkb.config(store);
        config.timeouts = Some(time_outs(timeouts));
        let client = under(config, clock.clone(), &Weather::new(&clock, []));
        let error = client.complete_link(complete(&callback)).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Timeout { phase, .. } if *phase == expected),
            "{error}"
        );
        assert!(clock.paused() < LEASE, "{:?}", clock.paused());
    }
}
