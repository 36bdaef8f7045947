//! The way from one encryption key to the next, while processes of before and after share a store.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::connections::{LinkKey, LinkRecord, LinkStatus};
use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Failure, RotateKeysOptions, RotateKeysResponse,
};
use digime_sdk::{Error, ErrorKind};

use super::sandbox::link_url;
use super::version_1::{
    CURRENT_KEY, CURRENT_KEY_ID, PLATFORM, PREVIOUS_KEY, Platform, Stored, client_with, clock,
    token_of,
};
use crate::clock::TestClock;

const OLD: &str = CURRENT_KEY;
const NEW: &str = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";
const USER: &str = "user-active";
const HOUR: Duration = Duration::from_hours(1);

/// A store, its platform, and a clock by which all access tokens have expired.
struct Place {
    stored: Stored,
    platform: Platform,
    clock: Arc<TestClock>,
}

impl Place {
    async fn open() -> Self {
        let clock = clock();
        clock.advance(HOUR);
        Self {
            stored: Stored::sqlite(),
            platform: Platform::start().await,
            clock,
        }
    }

    fn process(&self, keys: &[&str]) -> Client {
        client_with(&self.stored, &self.platform, &self.clock, keys)
    }

    async fn record(&self, app_user_id: &str) -> LinkRecord {
        let key = LinkKey {
            platform: PLATFORM,
            app_user_id,
        };
        self.stored.opened().link(key).await.unwrap().unwrap()
    }

    async fn write(&self, change: impl FnOnce(&mut LinkRecord)) {
        let mut record = self.record(USER).await;
        let version = record.version;
        change(&mut record);
        record.version = version + 1;
        let store = self.stored.opened();
        assert!(store.put_link(&record, Some(version)).await.unwrap());
    }

    /// A refresh by a process with these keys, during whose exchange something else is done.
    async fn refresh_during(
        &self,
        keys: &[&str],
        error: Option<&'static str>,
        meanwhile: impl AsyncFnOnce(),
    ) -> Result<String, Error> {
        let (asked, release) = self.platform.hold(error);
        let refreshing = tokio::spawn({
            let client = self.process(keys);
            async move { token_of(&client, USER).await }
        });
        asked.await.unwrap();
        meanwhile().await;
        drop(release);
        refreshing.await.unwrap()
    }
}

async fn rotate(client: &Client) -> RotateKeysResponse {
    let rotated = client.rotate_keys(RotateKeysOptions::default()).await;
    rotated.unwrap()
}

fn store_error(error: &Error) -> Option<String> {
    match error.kind() {
        ErrorKind::Store { message, .. } => Some(message.to_string()),
        _ => None,
    }
}

#[tokio::test]
async fn in_the_order_of_the_guide_every_process_reads_what_every_other_writes() {
    let place = Place::open().await;
    let before = &[OLD, PREVIOUS_KEY][..];
    let told = &[OLD, NEW, PREVIOUS_KEY][..];
    let sealing = &[NEW, OLD, PREVIOUS_KEY][..];
    // Each step goes through the processes one by one, so that those of two steps run side by side.
    let mut number = 1;
    for (step, next) in [(before, told), (told, sealing), (sealing, sealing)] {
        for (refreshing, reading) in [(step, next), (next, step)] {
            number += 1;
            let fresh = format!("access-{USER}-{number}");
            let (refreshing, reading) = (place.process(refreshing), place.process(reading));
            assert_eq!(token_of(&refreshing, USER).await.unwrap(), fresh);
            assert_eq!(token_of(&reading, USER).await.unwrap(), fresh);
            place.clock.advance(HOUR);
        }
    }
    let done = rotate(&place.process(sealing)).await;
    assert_eq!((done.links, done.failed.len()), (5, 0));
    number += 1;
    let without = place.process(&[NEW]);
    let fresh = format!("access-{USER}-{number}");
    assert_eq!(token_of(&without, USER).await.unwrap(), fresh);
}

#[tokio::test]
async fn keys_that_rotate_during_a_refresh_that_fails_leave_no_lease_behind() {
    for keys in [&[OLD, NEW][..], &[OLD]] {
        for (error, status) in [
            ("invalid_request", LinkStatus::Active),
            ("invalid_grant", LinkStatus::Expired),
        ] {
            let place = Place::open().await;
            let failed = place.refresh_during(keys, Some(error), async || {
                assert!(place.record(USER).await.lease.is_some());
                let done = rotate(&place.process(&[NEW, OLD, PREVIOUS_KEY])).await;
                assert_eq!((done.links, done.resealed), (5, 5));
            });
            failed.await.unwrap_err();
            let record = place.record(USER).await;
            assert_eq!((record.lease, record.lease_until), (None, None));
            // Who cannot read the record cannot say that it is over: PKB will say so again.
            let is_told = keys.contains(&NEW);
            if is_told || status == LinkStatus::Active {
                assert_eq!(record.status, status);
            } else {
                assert_eq!(record.status, LinkStatus::Uncertain);
            }
        }
    }
}

#[tokio::test]
async fn keys_that_rotate_during_a_refresh_lose_neither_the_pair_nor_the_key() {
    let place = Place::open().await;
    // This process was not told of the new key.
    let refreshed = place.refresh_during(&[OLD], None, async || {
        rotate(&place.process(&[NEW, OLD, PREVIOUS_KEY])).await;
        assert_ne!(place.record(USER).await.key_id, CURRENT_KEY_ID);
    });
    let fresh = "access-user-active-2";
    assert_eq!(refreshed.await.unwrap(), fresh);
    let other = place.process(&[NEW, OLD]);
    assert_eq!(token_of(&other, USER).await.unwrap(), fresh);
    assert_eq!(place.record(USER).await.lease, None);
    assert_eq!(rotate(&other).await.resealed, 1);
    assert_eq!(place.platform.spent(), 1);
}

#[tokio::test]
async fn a_pair_that_comes_after_its_lease_was_taken_over_is_stored_all_the_same() {
    let place = Place::open().await;
    let refreshed = place.refresh_during(&[OLD], None, async || {
        rotate(&place.process(&[NEW, OLD, PREVIOUS_KEY])).await;
        place
            .write(|record| record.lease = Some("another.0.30000".to_owned()))
            .await;
    });
    let fresh = "access-user-active-2";
    assert_eq!(refreshed.await.unwrap(), fresh);
    let other = place.process(&[NEW, OLD]);
    assert_eq!(token_of(&other, USER).await.unwrap(), fresh);
}

#[tokio::test]
async fn a_pair_that_others_have_replaced_under_an_unknown_key_is_an_error_that_names_the_key() {
    let place = Place::open().await;
    let newer = "access-user-active-7";
    let mut key_id = String::new();
    let refreshed = place.refresh_during(&[OLD], None, async || {
        // The patient links again, by a process that seals under the new key.
        let other = place.process(&[NEW, OLD]);
        let sent = other.get_link_url(link_url(USER)).await.unwrap();
        let callback = CompleteLinkOptions::builder()
            .code("code-user-active-6".parse().unwrap())
            .state(sent.state.expose().parse().unwrap())
            .app_user_id(USER.parse().unwrap());
        other.complete_link(callback.build()).await.unwrap();
        key_id = place.record(USER).await.key_id;
    });
    let error = refreshed.await.unwrap_err();
    assert!(
        store_error(&error).is_some_and(|message| message.contains(&key_id)),
        "{error}"
    );
    let other = place.process(&[NEW]);
    assert_eq!(token_of(&other, USER).await.unwrap(), newer);
    // Whatever else that process does with the record says the same.
    let error = token_of(&place.process(&[OLD]), USER).await.unwrap_err();
    assert!(
        store_error(&error).is_some_and(|message| message.contains(&key_id)),
        "{error}"
    );
}

#[tokio::test]
async fn records_that_do_not_open_are_named_and_the_others_are_sealed_anew() {
    let place = Place::open().await;
    place.write(|record| record.sealed.push('A')).await;
    // `user-previous` is under a key that this process does not have.
    let done = rotate(&place.process(&[NEW, OLD])).await;
    assert_eq!((done.links, done.resealed), (5, 3));
    let failed = done.failed.iter().map(|link| &*link.app_user_id);
    assert_eq!(failed.collect::<Vec<_>>(), [USER, "user-previous"]);
    let unknown = &done.failed[1].reason;
    assert!(unknown.contains(&place.record("user-previous").await.key_id));
    // With that key, and the record mended by linking anew or removed, the rest follows.
    let done = rotate(&place.process(&[NEW, OLD, PREVIOUS_KEY])).await;
    assert_eq!((done.links, done.resealed, done.failed.len()), (5, 1, 1));
    let error = token_of(&place.process(&[NEW]), "user-expired").await;
    assert!(matches!(
        Failure::of(&error.unwrap_err()),
        Some(Failure::LinkExpired { .. })
    ));
}
