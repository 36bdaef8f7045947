//! Tokens of connections that were read from the store a moment ago, where a client may use them without reading them again.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::digime::{Config, DisconnectOptions, Failure, Store};

use super::{CONTRACT, at, call, client, config, connect, connection, failure, shared};
use crate::clock::TestClock;
use crate::pkb::cached_tokens::{CountedStore, LASTS, counted, reads};
use crate::sandbox::Sandbox;

fn cached(sandbox: &Sandbox, store: &CountedStore) -> Config {
    let mut config = config(sandbox, Store::Own(Arc::clone(store) as Arc<_>));
    config.cache_tokens_for = Some(LASTS);
    config
}

#[tokio::test]
async fn calls_for_a_user_read_the_token_once_in_that_time_and_see_the_end_of_a_connection_after_it()
 {
    let sandbox = Sandbox::start().await;
    let clock = TestClock::new();
    let (shared, records) = shared();
    let other = at(config(&sandbox, shared), &clock);
    connect(&sandbox, &other, "user-1").await;
    let store = counted(&records);
    let client = at(cached(&sandbox, &store), &clock);
    for _ in 0..3 {
        call(&client, "user-1").await.unwrap();
    }
    assert_eq!(reads(&store), 1);
    let options = DisconnectOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .contract_id(CONTRACT.parse().unwrap())
        .build();
    other.disconnect(options).await.unwrap();
    // How a connection stands is asked of the store.
    assert_eq!(connection(&client, "user-1").await, None);
    call(&client, "user-1").await.unwrap();
    clock.advance(Duration::from_millis(LASTS));
    let error = call(&client, "user-1").await.unwrap_err();
    assert!(matches!(failure(&error), Failure::NotConnected), "{error}");
}

#[tokio::test]
async fn a_token_that_digi_me_refuses_is_read_again_and_refreshed_once_by_all_clients() {
    let sandbox = Sandbox::start().await;
    let (shared, records) = shared();
    let other = client(&sandbox, shared);
    connect(&sandbox, &other, "user-1").await;
    let store = counted(&records);
    let cached = digime_sdk::digime::Client::new(cached(&sandbox, &store)).unwrap();
    call(&cached, "user-1").await.unwrap();
    sandbox.expire_access_tokens().await;
    call(&other, "user-1").await.unwrap();
    call(&cached, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
    reads(&store);
    call(&cached, "user-1").await.unwrap();
    assert_eq!(reads(&store), 0);
}

#[tokio::test]
async fn the_token_of_one_contract_serves_under_no_other() {
    let sandbox = Sandbox::start().await;
    let (_, records) = shared();
    let store = counted(&records);
    let client = digime_sdk::digime::Client::new(cached(&sandbox, &store)).unwrap();
    connect(&sandbox, &client, "user-1").await;
    call(&client, "user-1").await.unwrap();
    let mut elsewhere = super::accounts_of("user-1");
    elsewhere.contract_details.contract_id = "another".parse().unwrap();
    let error = client.read_accounts(elsewhere).await.unwrap_err();
    assert!(matches!(failure(&error), Failure::NotConnected), "{error}");
}
