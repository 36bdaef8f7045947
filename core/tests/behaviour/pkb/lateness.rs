//! Stores, networks and processes that are late: nothing is sent under a lease that is too old, and no answer is lost for it.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::connections::{LinkKey, LinkRecord, LinkStatus, LinkStore, MemoryStore};
use digime_sdk::pkb::{Client, Config, Failure, Store};
use digime_sdk::transport::{NetworkCause, Phase, Sent, TransportFailure};
use serde_json::json;
use tokio::sync::Notify;

use super::linked::{read, status, token};
use super::sandbox::{BOBBY, Pkb, complete, shared};
use super::weather::{Acknowledged, Gale, Held, Slow, Weather, under};
use crate::clock::TestClock;

/// A third of the default lease.
const THIRD: Duration = Duration::from_secs(10);

/// A configuration whose calls may last longer than any process is frozen here.
fn patient(pkb: &Pkb, store: Store) -> Config {
    let day = json!({ "call": 24 * 3_600_000 });
    Config {
        timeouts: Some(serde_json::from_value(day).unwrap()),
        ..pkb.config(store)
    }
}

/// A client to whose network nothing happens.
fn calm(pkb: &Pkb, store: &Store, clock: &Arc<TestClock>) -> Client {
    let weather = Weather::new(clock, []);
    under(pkb.config(store.clone()), clock.clone(), &weather)
}

async fn record(pkb: &Pkb, links: &MemoryStore) -> LinkRecord {
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let key = LinkKey {
        platform: &platform,
        app_user_id: "user-1",
    };
    links.link(key).await.unwrap().unwrap()
}

/// Refreshes and refresh tokens that were presented a second time.
async fn spent(pkb: &Pkb) -> (u64, u64) {
    (pkb.tally("refreshes").await, pkb.tally("reuses").await)
}

#[tokio::test]
async fn a_lease_that_is_acknowledged_too_late_is_taken_anew_before_anything_is_sent() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let weather = Weather::new(&clock, []);
    let (store, links) = shared();
    let client = under(pkb.config(store), clock.clone(), &weather);
    pkb.link(&client, "user-1", BOBBY).await;
    let (version, requests) = (record(&pkb, &links).await.version, weather.requests());
    pkb.expire_access_tokens().await;

    let slow = Slow::store(&links, &clock, [Acknowledged::After(THIRD)]);
    let client = under(pkb.config(Store::Own(slow)), clock.clone(), &weather);
    read(&pkb, &client).await.unwrap();
    assert_eq!(weather.requests(), requests + 1);
    // The lease, the lease anew, the pair.
    assert_eq!(record(&pkb, &links).await.version, version + 3);
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn a_store_that_always_acknowledges_too_late_is_a_store_error_and_nothing_is_sent() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let weather = Weather::new(&clock, []);
    let (store, links) = shared();
    let client = under(pkb.config(store), clock.clone(), &weather);
    pkb.link(&client, "user-1", BOBBY).await;
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let requests = weather.requests();
    pkb.expire_access_tokens().await;

    let slow = Slow::always(&links, &clock, THIRD);
    let too_slow = under(pkb.config(Store::Own(slow)), clock.clone(), &weather);
    let error = read(&pkb, &too_slow).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Store { .. }), "{error}");
    let error = too_slow.complete_link(complete(&callback)).await;
    let error = error.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Store { .. }), "{error}");
    assert_eq!(weather.requests(), requests);

    // Nor is anything held up for whoever comes next.
    let paused = clock.paused();
    read(&pkb, &client).await.unwrap();
    client.complete_link(complete(&callback)).await.unwrap();
    assert_eq!(clock.paused(), paused);
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn a_process_that_was_frozen_before_it_sent_withholds_the_request() {
    for (frozen, lasts) in [
        (Gale::Frozen as fn(Duration) -> Gale, THIRD),
        (Gale::Frozen, Duration::from_hours(1)),
        (Gale::FrozenBeforeItsBody, THIRD),
        (Gale::FrozenBeforeItsBody, Duration::from_hours(1)),
    ] {
        let pkb = Pkb::start().await;
        let clock = TestClock::new();
        let (store, links) = shared();
        let before = calm(&pkb, &store, &clock);
        pkb.link(&before, "user-1", BOBBY).await;
        let version = record(&pkb, &links).await.version;
        pkb.expire_access_tokens().await;

        let weather = Weather::new(&clock, [frozen(lasts)]);
        let client = under(patient(&pkb, store), clock.clone(), &weather);
        read(&pkb, &client).await.unwrap();
        // What was withheld never came to the platform; the lease was taken anew for what did.
        assert_eq!(weather.requests(), 2);
        assert_eq!(record(&pkb, &links).await.version, version + 3);
        assert_eq!(spent(&pkb).await, (1, 0));
    }
}

#[tokio::test]
async fn a_code_that_was_withheld_is_exchanged_in_the_next_turn() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let weather = Weather::new(
        &clock,
        [Gale::Frozen(THIRD), Gale::FrozenBeforeItsBody(THIRD)],
    );
    let client = under(pkb.config(Store::Memory), clock.clone(), &weather);
    pkb.link(&client, "user-1", BOBBY).await;
    assert_eq!((weather.requests(), pkb.tally("exchanges").await), (3, 1));
}

#[tokio::test]
async fn a_refresh_waits_for_its_answer_as_long_as_its_lease_serves_whatever_the_time_outs_are() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let sent = Arc::new(Notify::new());
    let (store, _) = shared();
    let before = calm(&pkb, &store, &clock);
    pkb.link(&before, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let weather = Weather::new(&clock, [Gale::Silence(Arc::clone(&sent))]);
    let pkb = Arc::new(pkb);
    let reading = {
        let mut config = pkb.config(store);
        let short_silence = json!({ "idle": 1000, "call": 60_000 });
        config.timeouts = Some(serde_json::from_value(short_silence).unwrap());
        let client = under(config, clock.clone(), &weather);
        let pkb = Arc::clone(&pkb);
        tokio::spawn(async move { read(&pkb, &client).await })
    };
    sent.notified().await;
    clock.advance(Duration::from_secs(25));
    let error = reading.await.unwrap().unwrap_err();
    let ErrorKind::Timeout {
        phase, after, sent, ..
    } = error.kind()
    else {
        panic!("{error}")
    };
    // What is left of 30 seconds, less what storing the answer may take.
    assert_eq!(
        (*phase, *after),
        (Phase::Total.as_str(), Duration::from_secs(25))
    );
    assert_ne!(*sent, Sent::Nothing);
    assert_eq!(status(&before).await, LinkStatus::Uncertain);
}

#[tokio::test]
async fn an_answer_that_is_in_the_socket_when_a_frozen_process_wakes_is_used() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let hour = Duration::from_hours(1);
    let weather = Weather::new(
        &clock,
        [
            Gale::FrozenWithItsAnswer(hour),
            Gale::FrozenWithItsAnswer(hour),
        ],
    );
    let client = under(patient(&pkb, Store::Memory), clock.clone(), &weather);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    assert_eq!(weather.requests(), 2);
    assert_eq!(status(&client).await, LinkStatus::Active);
    assert_eq!(
        (pkb.tally("exchanges").await, spent(&pkb).await),
        (1, (1, 0))
    );
}

#[tokio::test]
async fn a_connection_that_timed_out_once_it_stood_may_have_spent_the_token_which_is_not_sent_again()
 {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let timed_out = || {
        let failure = TransportFailure::Network {
            cause: NetworkCause::TimedOut,
            message: "connection timed out".to_owned(),
            sent: Sent::Maybe,
        };
        Gale::Fails(Duration::from_secs(1), failure)
    };
    let (store, _) = shared();
    let before = calm(&pkb, &store, &clock);
    pkb.link(&before, "user-1", BOBBY).await;
    let callback = pkb.callback(&before, "user-1", BOBBY).await;
    clock.advance(Duration::from_secs(570));
    let weather = Weather::new(&clock, [timed_out(), timed_out()]);
    let client = under(pkb.config(store), clock.clone(), &weather);
    let served = token(&client).await.unwrap();
    assert_eq!(status(&client).await, LinkStatus::Uncertain);
    assert_eq!(token(&client).await.unwrap(), served);
    assert_eq!(weather.requests(), 1);

    client.complete_link(complete(&callback)).await.unwrap_err();
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert!(
        matches!(
            Failure::of(&error),
            Some(Failure::LinkState { reason: "used", .. })
        ),
        "{error}"
    );
    assert_eq!(weather.requests(), 2);
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_in_time_is_asked_once_and_costs_nothing() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let failure = TransportFailure::Timeout {
        phase: Phase::Connect,
        after: THIRD,
        sent: Sent::Nothing,
    };
    let (store, _) = shared();
    let before = calm(&pkb, &store, &clock);
    pkb.link(&before, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let weather = Weather::new(&clock, [Gale::Fails(THIRD, failure)]);
    let client = under(pkb.config(store), clock.clone(), &weather);
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Timeout {
                sent: Sent::Nothing,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(weather.requests(), 1);
    read(&pkb, &client).await.unwrap();
    assert_eq!(clock.paused(), Duration::ZERO);
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn an_answer_that_comes_after_the_lease_was_lost_is_stored_all_the_same() {
    let pkb = Arc::new(Pkb::start().await);
    let (held, clock, others) = (
        Arc::new(Held::default()),
        TestClock::new(),
        TestClock::new(),
    );
    let (store, _) = shared();
    let before = calm(&pkb, &store, &clock);
    pkb.link(&before, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let late = {
        let weather = Weather::new(&clock, [Gale::OnItsWay(Arc::clone(&held))]);
        let client = under(pkb.config(store.clone()), clock.clone(), &weather);
        let pkb = Arc::clone(&pkb);
        tokio::spawn(async move { read(&pkb, &client).await })
    };
    held.answered.notified().await;
    // Another takes the lease over, and is kept from the platform.
    let refused = TransportFailure::Network {
        cause: NetworkCause::ConnectionRefused,
        message: "connection refused".to_owned(),
        sent: Sent::Nothing,
    };
    let weather = Weather::new(&others, [Gale::Fails(Duration::ZERO, refused)]);
    let other = under(pkb.config(store), others.clone(), &weather);
    read(&pkb, &other).await.unwrap_err();
    assert!(
        others.paused() >= Duration::from_secs(30),
        "{:?}",
        others.paused()
    );
    held.comes.notify_one();
    late.await.unwrap().unwrap();
    read(&pkb, &other).await.unwrap();
    assert_eq!(status(&other).await, LinkStatus::Active);
    assert_eq!(spent(&pkb).await, (1, 0));
}

#[tokio::test]
async fn an_answer_that_comes_after_its_attempt_was_given_up_still_makes_the_link() {
    let pkb = Pkb::start().await;
    let (held, clock, others) = (
        Arc::new(Held::default()),
        TestClock::new(),
        TestClock::new(),
    );
    let (store, _) = shared();
    let weather = Weather::new(&clock, [Gale::OnItsWay(Arc::clone(&held))]);
    let client = under(pkb.config(store.clone()), clock.clone(), &weather);
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let late = {
        let (client, callback) = (client.clone(), callback.clone());
        tokio::spawn(async move { client.complete_link(complete(&callback)).await })
    };
    held.answered.notified().await;
    let other = calm(&pkb, &store, &others);
    let error = other.complete_link(complete(&callback)).await.unwrap_err();
    assert!(
        matches!(
            Failure::of(&error),
            Some(Failure::LinkState { reason: "used", .. })
        ),
        "{error}"
    );
    assert!(
        others.paused() >= Duration::from_secs(30),
        "{:?}",
        others.paused()
    );
    held.comes.notify_one();
    let link = late.await.unwrap().unwrap();
    assert_eq!(link.public_id, pkb.public_id(BOBBY));
    assert_eq!(
        other
            .complete_link(complete(&callback))
            .await
            .unwrap()
            .linked_at,
        link.linked_at
    );
    assert_eq!(pkb.tally("exchanges").await, 1);
}
