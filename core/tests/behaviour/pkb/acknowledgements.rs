//! What becomes of a write that a store did and acknowledged to nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use digime_sdk::pkb::{Client, CloseOptions, Config, Store, TokensChanged, UnlinkOptions};
use digime_sdk::{Callback, ErrorKind};

use super::flaky_store::Flaky;
use super::linked::read;
use super::sandbox::{BOBBY, Pkb, at, complete};
use super::wrapped_store::WrappedStore;
use crate::clock::TestClock;

/// An application with such a store, and how it is configured.
struct Application {
    pkb: Pkb,
    clock: Arc<TestClock>,
    store: Arc<WrappedStore<Flaky>>,
    config: Config,
    client: Client,
}

impl Application {
    async fn start() -> Self {
        let pkb = Pkb::start().await;
        let (clock, store) = (TestClock::new(), Flaky::store());
        let config = pkb.config(Store::Own(Arc::clone(&store) as Arc<_>));
        let client = at(config.clone(), &clock);
        Self {
            pkb,
            clock,
            store,
            config,
            client,
        }
    }
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
async fn a_lease_whose_writing_was_acknowledged_to_nobody_is_used_all_the_same() {
    let Application {
        pkb,
        clock,
        store,
        client,
        ..
    } = Application::start().await;
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
    let Application {
        pkb,
        clock,
        store,
        config,
        client,
    } = Application::start().await;
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
    let Application {
        pkb,
        clock,
        store,
        config,
        client,
    } = Application::start().await;
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
