//! The tokens of connections: refreshed once for all who share the store, stored before they are used, and over when the platform says so.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use digime_sandbox::Lifetimes;
use digime_sdk::Callback;
use digime_sdk::digime::{
    Client, ConnectionChange, ConnectionEvent, DisconnectOptions, Failure, KeepAliveOptions,
    KeptAlive, LinkStatus, Store,
};
use digime_sdk::transport::Sent;
use futures_util::future::join_all;
use serde_json::json;

use super::{CONTRACT, at, call, client, config, connect, connection, failure, shared, status};
use crate::clock::TestClock;
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};

pub fn listener() -> (Callback<ConnectionEvent>, Arc<Mutex<Vec<ConnectionChange>>>) {
    let heard: Arc<Mutex<Vec<ConnectionChange>>> = Arc::default();
    let ears = Arc::clone(&heard);
    let hook = Callback::new(move |event: ConnectionEvent| {
        ears.lock().unwrap().push(event.change);
        std::future::ready(Ok(()))
    });
    (hook, heard)
}

#[tokio::test]
async fn a_token_that_the_platform_refuses_is_refreshed_once_by_all_clients_of_the_store() {
    let sandbox = Sandbox::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("connections.db");
    let clients = [1, 2, 3, 4].map(|_| client(&sandbox, Store::Sqlite(file.clone())));
    connect(&sandbox, &clients[0], "user-1").await;
    for round in 1..=3 {
        sandbox.expire_access_tokens().await;
        let calls = clients.iter().cycle().take(16);
        for called in join_all(calls.map(|client| call(client, "user-1"))).await {
            called.unwrap();
        }
        assert_eq!(sandbox.refreshes().await, round);
    }
}

#[tokio::test]
async fn a_token_is_refreshed_ahead_of_its_end_by_the_clock() {
    let lifetimes = Lifetimes {
        access_token_seconds: 200,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::with(lifetimes).await;
    let (store, _) = shared();
    let clock = TestClock::new();
    let client = at(config(&sandbox, store), &clock);
    connect(&sandbox, &client, "user-1").await;
    clock.advance(Duration::from_secs(140));
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 0);
    clock.advance(Duration::from_secs(20));
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_clock_that_is_ahead_by_more_than_a_token_lives_has_it_replaced_once_and_not_with_each_call()
 {
    let lifetimes = Lifetimes {
        access_token_seconds: 3600,
        clock_skew_seconds: 7200,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::with(lifetimes).await;
    let (store, _) = shared();
    let right = client(&sandbox, store.clone());
    connect(&sandbox, &right, "user-1").await;
    let clock = TestClock::at(SystemTime::now() + Duration::from_mins(90));
    let ahead = at(config(&sandbox, store), &clock);
    for _ in 0..3 {
        call(&ahead, "user-1").await.unwrap();
        call(&right, "user-1").await.unwrap();
    }
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_refresh_token_that_is_refused_ends_the_connection_for_every_client_and_is_told_once() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let (hook, heard) = listener();
    let listening = || {
        let mut config = config(&sandbox, store.clone());
        config.on_connection_change = Some(hook.clone());
        Client::new(config).unwrap()
    };
    let (one, other) = (listening(), listening());
    connect(&sandbox, &one, "user-1").await;
    sandbox.expire_access_tokens().await;
    let refusal = json!({ "error": { "code": "InvalidGrant", "message": "no" } });
    sandbox
        .fault(
            "POST /v1.7/oauth/token",
            json!({ "status": 400, "body": refusal }),
            1,
        )
        .await;
    for client in [&one, &other, &one] {
        let over = call(client, "user-1").await.unwrap_err();
        match failure(&over) {
            Failure::ConnectionExpired { reason } => assert_eq!(reason, "InvalidGrant"),
            other => panic!("{other}"),
        }
        assert!(over.user_access_token().is_none());
    }
    assert_eq!(status(&other, "user-1").await, LinkStatus::Expired);
    assert_eq!(
        *heard.lock().unwrap(),
        [ConnectionChange::Connected, ConnectionChange::Expired]
    );
    connect(&sandbox, &one, "user-1").await;
    call(&other, "user-1").await.unwrap();
}

#[tokio::test]
async fn an_answer_to_a_refresh_that_is_lost_leaves_the_connection_uncertain_and_the_next_call_recovers_it()
 {
    let sandbox = Sandbox::start().await;
    let (hook, heard) = listener();
    let mut listening = config(&sandbox, Store::Memory);
    listening.on_connection_change = Some(hook);
    let client = Client::new(listening).unwrap();
    connect(&sandbox, &client, "user-1").await;
    sandbox.expire_access_tokens().await;
    sandbox
        .fault("POST /v1.7/oauth/token", json!({ "status": 502 }), 2)
        .await;
    for _ in 0..2 {
        call(&client, "user-1").await.unwrap_err();
    }
    assert_eq!(status(&client, "user-1").await, LinkStatus::Uncertain);
    call(&client, "user-1").await.unwrap();
    assert_eq!(status(&client, "user-1").await, LinkStatus::Active);
    assert_eq!(sandbox.refreshes().await, 1);
    let told = [
        ConnectionChange::Connected,
        ConnectionChange::Uncertain,
        ConnectionChange::Recovered,
    ];
    assert_eq!(*heard.lock().unwrap(), told);
}

#[tokio::test]
async fn an_answer_that_breaks_off_on_its_way_counts_as_lost_and_not_as_never_sent() {
    for fault in [json!("lose-answer"), json!({ "truncateAfter": 40 })] {
        let sandbox = Sandbox::start().await;
        let client = client(&sandbox, Store::Memory);
        connect(&sandbox, &client, "user-1").await;
        sandbox.expire_access_tokens().await;
        sandbox
            .fault("POST /v1.7/oauth/token", fault.clone(), 1)
            .await;
        let lost = call(&client, "user-1").await.unwrap_err();
        assert_ne!(lost.sent(), Some(Sent::Nothing), "{fault}: {lost}");
        assert_eq!(status(&client, "user-1").await, LinkStatus::Uncertain);
    }
}

#[tokio::test]
async fn a_refresh_ahead_of_time_whose_answer_breaks_off_is_told_as_uncertain() {
    let lifetimes = Lifetimes {
        access_token_seconds: 200,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::with(lifetimes).await;
    let (store, _) = shared();
    let (hook, heard) = listener();
    let mut listening = config(&sandbox, store);
    listening.on_connection_change = Some(hook);
    let clock = TestClock::new();
    let client = at(listening, &clock);
    connect(&sandbox, &client, "user-1").await;
    clock.advance(Duration::from_secs(160));
    sandbox
        .fault("POST /v1.7/oauth/token", json!("lose-answer"), 1)
        .await;
    // Of tokens that the platform has replaced the access token serves no more either: what comes of the call is the platform's to say.
    let _ = call(&client, "user-1").await;
    let told = [ConnectionChange::Connected, ConnectionChange::Uncertain];
    assert_eq!(heard.lock().unwrap()[..2], told);
}

#[tokio::test]
async fn a_refresh_that_finds_nobody_at_the_token_endpoint_has_spent_nothing() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let first = client(&sandbox, store.clone());
    connect(&sandbox, &first, "user-1").await;
    let mut unreached = config(&sandbox, store);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    unreached.base_url = Some(format!("http://{nobody}/v1.7/"));
    let clock = TestClock::new();
    let unreached = at(unreached, &clock);
    clock.advance(Duration::from_hours(24 * 40));
    let error = call(&unreached, "user-1").await.unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Nothing), "{error}");
    assert_eq!(status(&first, "user-1").await, LinkStatus::Active);
    call(&first, "user-1").await.unwrap();
}

#[tokio::test]
async fn tokens_whose_signature_cannot_be_checked_in_time_are_kept_and_not_lost() {
    let sandbox = Sandbox::start().await;
    let clock = TestClock::new();
    let (store, _) = shared();
    let first = client(&sandbox, store.clone());
    connect(&sandbox, &first, "user-1").await;
    sandbox.expire_access_tokens().await;
    // Another client, that has no keys of the platform's yet.
    let client = at(config(&sandbox, store), &clock);
    sandbox
        .fault("GET /v1.7/jwks/oauth", json!({ "status": 500 }), 1000)
        .await;
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
    assert_eq!(status(&client, "user-1").await, LinkStatus::Active);
}

#[tokio::test]
async fn each_change_of_a_connection_is_told_once_the_store_has_it() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let (hook, heard) = listener();
    let mut listening = config(&sandbox, store);
    listening.on_connection_change = Some(hook);
    let client = Client::new(listening).unwrap();
    connect(&sandbox, &client, "user-1").await;
    sandbox.expire_access_tokens().await;
    call(&client, "user-1").await.unwrap();
    for _ in 0..2 {
        let options = DisconnectOptions::builder()
            .app_user_id("user-1".parse().unwrap())
            .contract_id(CONTRACT.parse().unwrap());
        client.disconnect(options.build()).await.unwrap();
    }
    let told = [
        ConnectionChange::Connected,
        ConnectionChange::Refreshed,
        ConnectionChange::Disconnected,
    ];
    assert_eq!(*heard.lock().unwrap(), told);
    assert_eq!(connection(&client, "user-1").await, None);
    let gone = call(&client, "user-1").await.unwrap_err();
    assert!(matches!(failure(&gone), Failure::NotConnected));
}

fn keep_alive(idle_for: Duration) -> KeepAliveOptions {
    KeepAliveOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .idle_for(u64::try_from(idle_for.as_millis()).unwrap())
        .per_second(1000)
        .build()
}

#[tokio::test]
async fn what_nobody_uses_is_refreshed_once_by_however_many_machines_keep_it_alive() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let clock = TestClock::new();
    let machines = [1, 2, 3].map(|_| at(config(&sandbox, store.clone()), &clock));
    let users: Vec<String> = (0..12).map(|number| format!("user-{number:02}")).collect();
    for user in &users {
        connect(&sandbox, &machines[0], user).await;
    }
    let day = Duration::from_hours(24);
    let none = machines[0].keep_alive(keep_alive(day)).await.unwrap();
    assert_eq!((none.seen, none.refreshed), (12, 0));
    // As much as the platform lets clocks differ.
    clock.advance(Duration::from_secs(200));
    let idle = Duration::from_secs(100);
    let kept = join_all(
        machines
            .iter()
            .map(|machine| machine.keep_alive(keep_alive(idle))),
    )
    .await;
    let refreshed: u64 = kept
        .iter()
        .map(|kept| kept.as_ref().unwrap().refreshed)
        .sum();
    assert_eq!(refreshed, 12);
    assert_eq!(sandbox.refreshes().await, 12);
    let again = machines[1].keep_alive(keep_alive(idle)).await.unwrap();
    assert_eq!((again.refreshed, again.failed.len()), (0, 0));
}

#[tokio::test]
async fn keeping_alive_begins_no_more_refreshes_in_a_second_than_it_may() {
    let sandbox = Sandbox::start().await;
    let clock = TestClock::new();
    let client = at(config(&sandbox, Store::Memory), &clock);
    for user in ["user-1", "user-2", "user-3", "user-4"] {
        connect(&sandbox, &client, user).await;
    }
    let mut options = keep_alive(Duration::ZERO);
    options.per_second = Some(10);
    let before = clock.paused();
    let kept = client.keep_alive(options).await.unwrap();
    assert_eq!(kept.refreshed, 4);
    assert_eq!(clock.paused(), before + Duration::from_millis(300));
}

#[tokio::test]
async fn keeping_alive_tells_who_must_be_asked_again_and_who_could_not_be_refreshed_now() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    for user in ["user-1", "user-2", "user-3"] {
        connect(&sandbox, &client, user).await;
    }
    let route = "POST /v1.7/oauth/token";
    let over = json!({ "error": { "code": "InvalidGrant", "message": "no" } });
    sandbox
        .fault(route, json!({ "status": 400, "body": over }), 1)
        .await;
    sandbox.fault(route, json!({ "status": 502 }), 1).await;
    let mut options = keep_alive(Duration::ZERO);
    options.concurrency = Some(1);
    let (hook, heard) = progress();
    options.on_progress = Some(hook);
    let kept = client.keep_alive(options).await.unwrap();
    assert_eq!(kept.ended, ["user-1"]);
    assert_eq!(kept.failed[0].app_user_id, "user-2");
    assert_eq!(kept.refreshed, 1);
    assert_eq!(heard.lock().unwrap().last(), Some(&kept));
}

fn progress() -> (Callback<KeptAlive>, Arc<Mutex<Vec<KeptAlive>>>) {
    let heard: Arc<Mutex<Vec<KeptAlive>>> = Arc::default();
    let ears = Arc::clone(&heard);
    let hook = Callback::new(move |done: KeptAlive| {
        ears.lock().unwrap().push(done);
        std::future::ready(Ok(()))
    });
    (hook, heard)
}

#[tokio::test]
async fn tokens_are_kept_before_others_take_over_however_long_the_keys_are_waited_for() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    connect(&sandbox, &client(&sandbox, store.clone()), "user-1").await;
    sandbox.expire_access_tokens().await;
    // Another client, that has no keys of the platform's yet, and is told to come back later than its lease lasts.
    let mut impatient = config(&sandbox, store);
    impatient.refresh_lease = Some(3000);
    let client = Client::new(impatient).unwrap();
    let later = json!({ "status": 503, "headers": { "retry-after": "60" } });
    sandbox.fault("GET /v1.7/jwks/oauth", later, 1000).await;
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
    assert_eq!(status(&client, "user-1").await, LinkStatus::Active);
}

#[tokio::test]
async fn keeping_alive_leaves_alone_what_may_have_spent_its_refresh_token_and_still_serves() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    connect(&sandbox, &client, "user-1").await;
    sandbox
        .fault("POST /v1.7/oauth/token", json!({ "status": 502 }), 1)
        .await;
    let first = client.keep_alive(keep_alive(Duration::ZERO)).await.unwrap();
    assert_eq!(first.failed.len(), 1);
    assert_eq!(status(&client, "user-1").await, LinkStatus::Uncertain);
    let again = client.keep_alive(keep_alive(Duration::ZERO)).await.unwrap();
    assert_eq!(
        (again.refreshed, again.failed.len(), again.ended.len()),
        (0, 0, 0)
    );
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 0);
}
