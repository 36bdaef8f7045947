//! Machines whose clocks differ, and clocks that are set: no lease is taken over early, and no attempt to link lost.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use digime_sdk::pkb::{Client, Store};
use digime_sdk::transport::{NetworkCause, Sent, TransportFailure};
use digime_sdk::world::Clock;

use super::linked::read;
use super::sandbox::{BOBBY, MORAG, Pkb, at, complete, link_url, shared};
use super::weather::{Disturbed, Gale, Held, Weather, under};
use crate::clock::TestClock;

const LEASE: Duration = Duration::from_secs(30);

fn refused() -> Gale {
    let failure = TransportFailure::Network {
        cause: NetworkCause::ConnectionRefused,
        message: "connection refused".to_owned(),
        sent: Sent::Nothing,
    };
    Gale::Fails(Duration::ZERO, failure)
}

/// Lets a machine come upon the lease of another that lives; how long it has watched when it sends.
async fn watched(clock: &Arc<TestClock>, watching: Arc<dyn Clock>) -> Duration {
    let pkb = Arc::new(Pkb::start().await);
    let (held, here) = (Arc::new(Held::default()), TestClock::new());
    let (store, _) = shared();
    let client = under(
        pkb.config(store.clone()),
        here.clone(),
        &Weather::new(&here, []),
    );
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let holding = {
        let weather = Weather::new(&here, [Gale::OnItsWay(Arc::clone(&held))]);
        let client = under(pkb.config(store.clone()), here.clone(), &weather);
        let pkb = Arc::clone(&pkb);
        tokio::spawn(async move { read(&pkb, &client).await })
    };
    held.answered.notified().await;
    // It is kept from the platform, or the token would be sent twice: its holder's clock stands still.
    let weather = Weather::new(clock, [refused()]);
    let elsewhere = under(pkb.config(store), watching, &weather);
    read(&pkb, &elsewhere).await.unwrap_err();
    held.comes.notify_one();
    holding.await.unwrap().unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
    weather.first_after().unwrap()
}

#[tokio::test]
async fn a_machine_whose_clock_is_wrong_takes_no_live_lease_over_early() {
    let now = SystemTime::now();
    for time in [
        now + Duration::from_secs(100),
        now + Duration::from_hours(1),
        now - Duration::from_hours(1),
    ] {
        let clock = TestClock::at(time);
        let watched = watched(&clock, clock.clone()).await;
        assert!(watched >= LEASE, "{watched:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_forwards_and_back_meanwhile_takes_no_live_lease_over_early() {
    for set_by in [Duration::from_secs(100), Duration::from_hours(1)] {
        let clock = TestClock::new();
        let disturbed = Disturbed {
            clock: clock.clone(),
            asleep: Duration::ZERO,
            set_by,
        };
        let watched = watched(&clock, Arc::new(disturbed)).await;
        assert!(watched >= LEASE, "{watched:?}");
    }
}

fn ahead(pkb: &Pkb, store: &Store, by: Duration) -> Client {
    let clock = TestClock::at(SystemTime::now() + by);
    at(pkb.config(store.clone()), &clock)
}

#[tokio::test]
async fn a_machine_whose_clock_is_ahead_forgets_nobodys_attempts() {
    for by in [Duration::from_mins(16), Duration::from_hours(1)] {
        let pkb = Pkb::start().await;
        let (store, _) = shared();
        let here = ahead(&pkb, &store, Duration::ZERO);
        let callback = pkb.callback(&here, "user-1", BOBBY).await;
        let elsewhere = ahead(&pkb, &store, by);
        elsewhere.get_link_url(link_url("user-2")).await.unwrap();
        here.complete_link(complete(&callback)).await.unwrap();
    }
}

#[tokio::test]
async fn an_attempt_that_began_a_moment_ago_can_be_completed_where_the_clock_is_up_to_an_hour_ahead()
 {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    for (by, login, link_timeout) in [
        (Duration::from_secs(100), BOBBY, Some(60_000)),
        (Duration::from_mins(59), MORAG, None),
    ] {
        let mut config = pkb.config(store.clone());
        config.link_timeout = link_timeout;
        let here = at(config, &TestClock::new());
        let callback = pkb.callback(&here, login, login).await;
        let elsewhere = ahead(&pkb, &store, by);
        elsewhere.complete_link(complete(&callback)).await.unwrap();
    }
}
