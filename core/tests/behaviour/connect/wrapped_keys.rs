//! Connections under keys that a key management service wraps: what is stored without them, and what holds while the service is away.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use digime_sdk::connections::{KeyWrapping, LinkStore, MemoryStore, WrappedKey};
use digime_sdk::digime::{CheckOptions, Client, Config, EncryptionKey, RotateKeysOptions, Store};
use digime_sdk::{BoxError, ErrorKind, Secret};
use futures_util::future::BoxFuture;

use super::key_service::{Reached, Service, under, wrapped_by};
use super::{CONTRACT, KEY, at, call, config, connect, shared};
use crate::clock::TestClock;
use crate::sandbox::Sandbox;

async fn sealed(sandbox: &Sandbox, records: &MemoryStore) -> Vec<(String, String)> {
    let platform = format!("digime:{}:{CONTRACT}", sandbox.announcement.application_id);
    let records = records.links_after(&platform, "", 100).await.unwrap();
    let sealed = records.into_iter();
    sealed
        .map(|record| (record.key_id, record.sealed))
        .collect()
}

#[tokio::test]
async fn what_one_process_has_sealed_another_opens_by_the_service_which_is_asked_once() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    let first = Client::new(under(&sandbox, &store, &service)).unwrap();
    for user in ["user-1", "user-2", "user-3"] {
        connect(&sandbox, &first, user).await;
    }
    assert_eq!(service.asked(), 2, "a key was wrapped, and came back");
    let second = Client::new(under(&sandbox, &store, &service)).unwrap();
    let calls = ["user-1", "user-2", "user-3", "user-1"].map(|user| call(&second, user));
    for called in futures_util::future::join_all(calls).await {
        called.unwrap();
    }
    assert_eq!(service.asked(), 3, "it was unwrapped");
}

#[tokio::test]
async fn while_the_service_is_away_keys_in_memory_serve_and_new_tokens_are_kept() {
    let sandbox = Sandbox::start().await;
    let (store, records) = shared();
    let service = Service::new(7);
    let clock = TestClock::new();
    let client = at(under(&sandbox, &store, &service), &clock);
    connect(&sandbox, &client, "user-1").await;
    let before = sealed(&sandbox, &records).await;
    service.is_away(true);
    // As much as the platform lets clocks differ.
    clock.advance(Duration::from_secs(200));
    sandbox.expire_access_tokens().await;
    call(&client, "user-1").await.unwrap();
    assert_ne!(sealed(&sandbox, &records).await, before);
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_process_without_the_key_says_that_the_service_did_not_unwrap_it_and_spends_nothing() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    let first = Client::new(under(&sandbox, &store, &service)).unwrap();
    connect(&sandbox, &first, "user-1").await;
    sandbox.expire_access_tokens().await;
    let second = Client::new(under(&sandbox, &store, &service)).unwrap();
    service.is_away(true);
    let error = call(&second, "user-1").await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Store {
                operation: "unwrap",
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("the service is away"), "{error}");
    assert_eq!(sandbox.refreshes().await, 0);
    service.is_away(false);
    call(&second, "user-1").await.unwrap();
}

#[tokio::test]
async fn no_code_and_no_refresh_token_is_spent_where_no_key_can_be_wrapped_for_what_would_come() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    service.is_away(true);
    let client = Client::new(under(&sandbox, &store, &service)).unwrap();
    let refused = client.get_connect_url(super::connect_url("user-1")).await;
    let error = refused.map(drop).unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Store {
                operation: "wrap",
                ..
            }
        ),
        "{error}"
    );
    service.is_away(false);
    let back = super::callback(&sandbox, &client, "user-1").await;
    // Another process has no key that seals yet, and opens the attempt by the service alone.
    let other = Service::new(7);
    let mut half = config(&sandbox, store.clone());
    half.encryption_key = Some(wrapped_by(&other));
    half.previous_encryption_keys = Some(vec![wrapped_by(&service)]);
    let half = Client::new(half).unwrap();
    other.is_away(true);
    let complete = || super::complete(&back, "user-1");
    let error = half.complete_connect(complete()).await.map(drop);
    let error = error.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Store {
                operation: "wrap",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(sandbox.granted("authorization_code").await, 0);
    other.is_away(false);
    half.complete_connect(complete()).await.unwrap();
    assert_eq!(sandbox.granted("authorization_code").await, 1);
}

#[tokio::test]
async fn an_unwrapped_key_is_forgotten_after_its_time_and_asked_for_again() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    let cached = || EncryptionKey::Wrapped {
        by: Arc::new(Reached(Arc::clone(&service))),
        cached_for: Duration::from_mins(1),
    };
    let clock = TestClock::new();
    let mut settings = config(&sandbox, store.clone());
    settings.encryption_key = Some(cached());
    let first = at(settings.clone(), &clock);
    connect(&sandbox, &first, "user-1").await;
    let reading = at(settings, &clock);
    call(&reading, "user-1").await.unwrap();
    let asked = service.asked();
    clock.advance(Duration::from_secs(59));
    call(&reading, "user-1").await.unwrap();
    assert_eq!(service.asked(), asked);
    clock.advance(Duration::from_secs(2));
    call(&reading, "user-1").await.unwrap();
    assert_eq!(service.asked(), asked + 1);
    clock.advance(Duration::from_mins(2));
    service.is_away(true);
    call(&reading, "user-1").await.unwrap_err();
}

#[tokio::test]
async fn a_store_comes_under_wrapped_keys_and_back_by_rotation() {
    let sandbox = Sandbox::start().await;
    let (store, records) = shared();
    let held = Client::new(config(&sandbox, store.clone())).unwrap();
    for user in ["user-1", "user-2"] {
        connect(&sandbox, &held, user).await;
    }
    let (one, other) = (Service::new(7), Service::new(9));
    let rotate = async |key: EncryptionKey, previous: EncryptionKey| {
        let mut config = config(&sandbox, store.clone());
        config.encryption_key = Some(key);
        config.previous_encryption_keys = Some(vec![previous]);
        let client = Client::new(config).unwrap();
        let options = RotateKeysOptions::builder().contract_id(CONTRACT.parse().unwrap());
        let rotated = client.rotate_keys(options.build()).await.unwrap();
        assert_eq!((rotated.connections, rotated.resealed), (2, 2));
        assert!(rotated.failed.is_empty());
        let sealed = sealed(&sandbox, &records).await;
        assert!(sealed.iter().all(|(key_id, _)| *key_id == sealed[0].0));
        call(&client, "user-2").await.unwrap();
        sealed[0].1.starts_with("2.")
    };
    assert!(rotate(wrapped_by(&one), KEY.into()).await);
    assert!(rotate(wrapped_by(&other), wrapped_by(&one)).await);
    assert!(!rotate(KEY.into(), wrapped_by(&other)).await);
    let after = Client::new(config(&sandbox, store.clone())).unwrap();
    call(&after, "user-1").await.unwrap();
}

#[tokio::test]
async fn a_service_that_gives_another_key_is_told_and_nothing_is_opened_with_it() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let first = Client::new(under(&sandbox, &store, &Service::new(7))).unwrap();
    connect(&sandbox, &first, "user-1").await;
    let second = Client::new(under(&sandbox, &store, &Service::new(8))).unwrap();
    let error = call(&second, "user-1").await.unwrap_err();
    assert!(error.to_string().contains("another key"), "{error}");
    let check = CheckOptions::builder().contract_id(CONTRACT.parse().unwrap());
    let said = second.check(check.build()).await.unwrap();
    assert_eq!(said.findings[0].setting, "encryptionKey");
}

#[tokio::test]
async fn a_client_says_that_it_is_not_ready_where_no_key_can_be_wrapped() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    service.is_away(true);
    let client = Client::new(under(&sandbox, &store, &service)).unwrap();
    let check = || {
        CheckOptions::builder()
            .contract_id(CONTRACT.parse().unwrap())
            .build()
    };
    let said = client.check(check()).await.unwrap();
    assert_eq!(said.findings[0].setting, "encryptionKey");
    service.is_away(false);
    assert!(client.check(check()).await.unwrap().ready);
}

#[tokio::test]
async fn a_time_in_memory_too_short_to_use_a_key_is_refused() {
    let sandbox = Sandbox::start().await;
    let mut config = config(&sandbox, Store::Memory);
    config.encryption_key = Some(EncryptionKey::Wrapped {
        by: Arc::new(Reached(Service::new(7))),
        cached_for: Duration::from_millis(999),
    });
    let error = Client::new(config).map(drop).unwrap_err().to_string();
    assert!(error.contains("config.encryptionKey.cacheFor"), "{error}");
}

/// Gives text, as services that are reached over HTTP do.
struct InText(Arc<Service>);

impl KeyWrapping for InText {
    fn wrap<'a>(&'a self, key: &'a [u8; 32]) -> BoxFuture<'a, Result<WrappedKey, BoxError>> {
        Box::pin(async move {
            let WrappedKey::Bytes(wrapped) = Reached(Arc::clone(&self.0)).wrap(key).await? else {
                return Err("it has never given text".into());
            };
            Ok(WrappedKey::Text(STANDARD.encode(wrapped)))
        })
    }

    fn unwrap<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<Secret<Vec<u8>>, BoxError>> {
        Box::pin(async move {
            let WrappedKey::Text(wrapped) = wrapped else {
                return Err("it has never given bytes".into());
            };
            let wrapped = WrappedKey::Bytes(STANDARD.decode(wrapped)?);
            Reached(Arc::clone(&self.0)).unwrap(&wrapped).await
        })
    }
}

#[tokio::test]
async fn a_service_that_gives_text_is_asked_with_that_text() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    let mut settings = config(&sandbox, store);
    settings.encryption_key = Some(EncryptionKey::wrapped(InText(service)));
    let first = Client::new(settings.clone()).unwrap();
    connect(&sandbox, &first, "user-1").await;
    let second = Client::new(settings).unwrap();
    call(&second, "user-1").await.unwrap();
}

/// Gives something else than what it wraps.
struct Forgetful;

impl KeyWrapping for Forgetful {
    fn wrap<'a>(&'a self, _: &'a [u8; 32]) -> BoxFuture<'a, Result<WrappedKey, BoxError>> {
        Box::pin(async { Ok(WrappedKey::Text(String::new())) })
    }

    fn unwrap<'a>(&'a self, _: &'a WrappedKey) -> BoxFuture<'a, Result<Secret<Vec<u8>>, BoxError>> {
        Box::pin(async { Ok(Secret::from(vec![7; 32])) })
    }
}

#[tokio::test]
async fn nothing_is_encrypted_under_a_key_that_the_service_does_not_give_back() {
    let sandbox = Sandbox::start().await;
    let mut forgetful = config(&sandbox, Store::Memory);
    forgetful.encryption_key = Some(EncryptionKey::wrapped(Forgetful));
    let client = Client::new(forgetful).unwrap();
    let refused = client.get_connect_url(super::connect_url("user-1")).await;
    let error = refused.map(drop).unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Store {
                operation: "wrap",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrapped_key_that_was_changed_costs_its_own_record_alone() {
    let sandbox = Sandbox::start().await;
    let (store, records) = shared();
    let service = Service::new(7);
    // Each process makes a key of its own.
    for user in ["user-1", "user-2", "user-3"] {
        let client = Client::new(under(&sandbox, &store, &service)).unwrap();
        connect(&sandbox, &client, user).await;
    }
    let platform = format!("digime:{}:{CONTRACT}", sandbox.announcement.application_id);
    let mut changed = records
        .links_after(&platform, "", 1)
        .await
        .unwrap()
        .remove(0);
    let (_, sealed) = changed.sealed.rsplit_once('.').unwrap();
    changed.sealed = format!("2.bAAAA.{sealed}");
    let version = changed.version;
    changed.version += 1;
    assert!(records.put_link(&changed, Some(version)).await.unwrap());
    let client = Client::new(under(&sandbox, &store, &service)).unwrap();
    let options = RotateKeysOptions::builder().contract_id(CONTRACT.parse().unwrap());
    let rotated = client.rotate_keys(options.build()).await.unwrap();
    let failed: Vec<_> = rotated
        .failed
        .iter()
        .map(|each| each.app_user_id.as_str())
        .collect();
    assert_eq!((rotated.resealed, failed), (2, vec!["user-1"]));
    assert!(rotated.failed[0].reason.contains("unwrap"));
}

#[tokio::test]
async fn a_check_says_which_function_of_the_service_has_failed_and_what_to_do() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let service = Service::new(7);
    let first = Client::new(under(&sandbox, &store, &service)).unwrap();
    connect(&sandbox, &first, "user-1").await;
    service.is_away(true);
    let finding = async |config| {
        let client = Client::new(config).unwrap();
        let options = CheckOptions::builder().contract_id(CONTRACT.parse().unwrap());
        let mut readiness = client.check(options.build()).await.unwrap();
        assert!(!readiness.ready);
        readiness.findings.remove(0).message
    };
    let unwrapping = Config {
        encryption_key: Some(wrapped_by(&Service::new(9))),
        previous_encryption_keys: Some(vec![wrapped_by(&service)]),
        ..config(&sandbox, store.clone())
    };
    for (config, function) in [
        (
            under(&sandbox, &store, &service),
            "encryptionKey.wrap did not wrap",
        ),
        (unwrapping, "encryptionKey.unwrap did not unwrap"),
    ] {
        let message = finding(config).await;
        assert!(message.starts_with(function), "{message}");
        assert!(
            message.contains("see that the service can be reached"),
            "{message}"
        );
    }
}
