//! Tokens for ever: refreshed by themselves, once, and never lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use digime_sdk::Callback;
use digime_sdk::connections::{LinkKey, LinkStatus, LinkStore};
use digime_sdk::pkb::{Client, Failure, Store, TokensChanged};
use serde_json::json;

use super::linked::{end_of_link, expired_links, read, status, token};
use super::sandbox::{BOBBY, Pkb, at, file, shared};
use crate::clock::TestClock;

#[tokio::test]
async fn fifty_calls_that_meet_an_expired_token_refresh_it_once() {
    let pkb = Arc::new(Pkb::start().await);
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let calls = (0..50).map(|_| {
        let (pkb, client) = (Arc::clone(&pkb), client.clone());
        tokio::spawn(async move { read(&pkb, &client).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn processes_that_share_a_store_refresh_once_between_them() {
    let pkb = Arc::new(Pkb::start().await);
    let folder = tempfile::tempdir().unwrap();
    let process = || Client::new(pkb.config(Store::Sqlite(file(&folder)))).unwrap();
    pkb.link(&process(), "user-1", BOBBY).await;
    for expiry in 1..=5 {
        pkb.expire_access_tokens().await;
        let calls = (0..8).map(|_| {
            let (pkb, client) = (Arc::clone(&pkb), process());
            tokio::spawn(async move { read(&pkb, &client).await })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
        assert_eq!(pkb.tally("refreshes").await, expiry);
    }
    assert_eq!(pkb.tally("reuses").await, 0);
}

#[tokio::test]
async fn a_token_is_replaced_ahead_of_its_end() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    let first = token(&client).await.unwrap();
    clock.advance(Duration::from_mins(8));
    assert_eq!(token(&client).await.unwrap(), first);
    clock.advance(Duration::from_secs(90));
    assert_ne!(token(&client).await.unwrap(), first);
    assert_eq!(pkb.tally("refreshes").await, 1);
}

#[tokio::test]
async fn a_refresh_ahead_of_time_that_fails_is_no_harm_while_the_token_serves() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    let first = token(&client).await.unwrap();
    clock.advance(Duration::from_secs(570));
    pkb.fault("POST /apiToken.action", json!({ "status": 503 }), 1)
        .await;
    assert_eq!(token(&client).await.unwrap(), first);
    assert_eq!(token(&client).await.unwrap(), first);
    clock.advance(Duration::from_mins(1));
    assert_ne!(token(&client).await.unwrap(), first);
}

#[tokio::test]
async fn a_refusal_of_the_old_token_that_comes_late_does_not_refresh_again() {
    let pkb = Pkb::start().await;
    pkb.set_modes(json!({ "oldAccessToken": "dies" })).await;
    let (store, _) = shared();
    let process = || Client::new(pkb.config(store.clone())).unwrap();
    let (one, other) = (process(), process());
    pkb.link(&one, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    read(&pkb, &one).await.unwrap();
    read(&pkb, &other).await.unwrap();
    assert_eq!(pkb.tally("refreshes").await, 1);
}

#[tokio::test]
async fn a_session_that_is_over_is_told_once_and_not_asked_about_again() {
    let pkb = Pkb::start().await;
    let (told, expired) = expired_links();
    let mut config = pkb.config(Store::Memory);
    config.on_link_expired = Some(told);
    let client = Client::new(config).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.turn("expire-sessions", json!({})).await;
    let error = read(&pkb, &client).await.unwrap_err();
    assert_eq!(end_of_link(&error), Some("API_SESSION_EXPIRED"), "{error}");
    let calls = pkb.tally("calls").await;
    let error = read(&pkb, &client).await.unwrap_err();
    assert_eq!(end_of_link(&error), Some("API_SESSION_EXPIRED"), "{error}");
    assert_eq!(pkb.tally("calls").await, calls);
    assert_eq!(expired.load(Ordering::SeqCst), 1);
    pkb.link(&client, "user-1", BOBBY).await;
    read(&pkb, &client).await.unwrap();
}

#[tokio::test]
async fn the_reason_why_a_link_is_over_is_told_every_time_and_by_every_process() {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let process = || Client::new(pkb.config(store.clone())).unwrap();
    pkb.link(&process(), "user-1", BOBBY).await;
    pkb.turn("expire-sessions", json!({})).await;
    pkb.expire_access_tokens().await;
    let reason = end_of_link(&read(&pkb, &process()).await.unwrap_err())
        .unwrap()
        .to_owned();
    for _ in 0..3 {
        let error = read(&pkb, &process()).await.unwrap_err();
        assert_eq!(end_of_link(&error), Some(reason.as_str()), "{error}");
    }
    assert_ne!(reason, "said_before");
    // A link that is made anew forgets it.
    pkb.link(&process(), "user-1", BOBBY).await;
    read(&pkb, &process()).await.unwrap();
}

#[tokio::test]
async fn a_refusal_by_fhir_is_a_fhir_error_with_or_without_an_outcome() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let frozen = json!({ "status": 403, "body": { "code": "ACCESS_FROZEN_OUTWARD" } });
    pkb.fault("GET /fhir/Patient/{id}", frozen, 1).await;
    let error = read(&pkb, &client).await.unwrap_err();
    let Some(Failure::Fhir(failure)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(
        (failure.status_code, failure.pkb_code.as_deref()),
        (403, Some("ACCESS_FROZEN_OUTWARD"))
    );
    assert!(failure.issues.is_empty());
    assert_eq!(failure.operation_outcome.text(), "null");
    assert_eq!(status(&client).await, LinkStatus::Active);
}

#[tokio::test]
async fn a_session_that_ends_without_a_refresh_token_ends_the_link() {
    let pkb = Pkb::start().await;
    pkb.set_modes(json!({ "sessionSeconds": 300 })).await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    read(&pkb, &client).await.unwrap();
    clock.advance(Duration::from_mins(11));
    let error = read(&pkb, &client).await.unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::LinkExpired { reason }) if reason == "no_refresh_token"),
        "{error}"
    );
}

#[tokio::test]
async fn frozen_access_is_an_error_and_no_end_of_the_link() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let bobby = json!({ "publicId": pkb.public_id(BOBBY) });
    pkb.turn("freeze", bobby.clone()).await;
    let error = read(&pkb, &client).await.unwrap_err();
    let Some(Failure::Fhir(failure)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(failure.pkb_code.as_deref(), Some("ACCESS_FROZEN_OUTWARD"));
    assert_eq!(status(&client).await, LinkStatus::Active);
    pkb.turn("unfreeze", bobby).await;
    read(&pkb, &client).await.unwrap();
}

#[tokio::test]
async fn the_application_learns_of_new_tokens_when_they_are_stored() {
    let pkb = Pkb::start().await;
    let (store, records) = shared();
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let mut config = pkb.config(store);
    let stored_at = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&stored_at);
    config.on_tokens_changed = Some(Callback::new(move |changed: TokensChanged| {
        let (records, platform, seen) = (Arc::clone(&records), platform.clone(), Arc::clone(&seen));
        async move {
            let key = LinkKey {
                platform: &platform,
                app_user_id: &changed.app_user_id,
            };
            let record = records.link(key).await?.ok_or("it is not stored")?;
            assert_eq!(record.lease, None);
            seen.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }));
    let client = Client::new(config).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    assert_eq!(stored_at.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_goes_on_to_the_end_of_the_access_token() {
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let client = at(pkb.config(Store::Memory), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.set_modes(json!({ "omitRefreshToken": true })).await;
    pkb.expire_access_tokens().await;
    read(&pkb, &client).await.unwrap();
    clock.advance(Duration::from_secs(570));
    read(&pkb, &client).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}
