//! Each record that version 1 has left serves this version.

use std::collections::HashSet;
use std::time::Duration;

use digime_sdk::Error;
use digime_sdk::connections::{AttemptStatus, LinkKey, LinkStatus};
use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Failure, GetLinkOptions, Link, RotateKeysOptions,
};
use serde_json::json;

use super::platform::{Platform, USERS, public_id};
use super::stored::{PLATFORM, Stored, clock};
use super::{CURRENT_KEY, CURRENT_KEY_ID, client, client_with, token_of};

const HOUR: Duration = Duration::from_hours(1);

async fn link_of(client: &Client, user: &str) -> Link {
    let options = GetLinkOptions::builder().app_user_id(user.parse().unwrap());
    client.get_link(options.build()).await.unwrap().unwrap()
}

async fn complete(client: &Client, user: &str, state: &str) -> Result<Link, Error> {
    let options = CompleteLinkOptions::builder()
        .code("any-code".parse().unwrap())
        .state(state.parse().unwrap())
        .app_user_id(user.parse().unwrap());
    client.complete_link(options.build()).await
}

#[tokio::test]
async fn a_store_of_version_1_is_migrated_and_its_rows_are_what_they_were() {
    let platform = Platform::start().await;
    for stored in Stored::copies().await {
        let before = stored.rows().await;
        link_of(&client(&stored, &platform, &clock()), "user-active").await;
        assert_eq!(stored.rows().await, before);
        assert_eq!(before.each_ref().map(Vec::len), [5, 3]);
    }
}

#[tokio::test]
async fn the_tokens_of_version_1_serve_under_both_keys() {
    let platform = Platform::start().await;
    for stored in Stored::copies().await {
        let client = client(&stored, &platform, &clock());
        for (user, number) in [
            ("user-active", 1),
            ("user-leased", 2),
            ("user-previous", 2),
            ("user-uncertain", 2),
        ] {
            let token = token_of(&client, user).await.unwrap();
            assert_eq!(token, format!("access-{user}-{number}"));
            assert_eq!(link_of(&client, user).await.public_id, public_id(user));
        }
        let uncertain = link_of(&client, "user-uncertain").await;
        assert_eq!(uncertain.status, LinkStatus::Uncertain);
        assert_eq!(
            (uncertain.linked_at, uncertain.refreshed_at),
            (1_793_361_604_000, 1_793_533_923_000)
        );
        let error = token_of(&client, "user-expired").await.unwrap_err();
        assert!(
            matches!(Failure::of(&error), Some(Failure::LinkExpired { .. })),
            "{error}"
        );
        assert_eq!(platform.spent(), 0);
    }
}

#[tokio::test]
async fn a_link_of_version_1_is_refreshed_and_stored_under_the_current_key() {
    for stored in Stored::copies().await {
        let platform = Platform::start().await;
        let clock = clock();
        clock.advance(HOUR);
        for (user, number) in [
            ("user-active", 2),
            ("user-previous", 3),
            ("user-uncertain", 3),
        ] {
            let fresh = format!("access-{user}-{number}");
            let process = || client(&stored, &platform, &clock);
            assert_eq!(token_of(&process(), user).await.unwrap(), fresh);
            // By another process.
            assert_eq!(token_of(&process(), user).await.unwrap(), fresh);
            assert_eq!(link_of(&process(), user).await.status, LinkStatus::Active);
            let key = LinkKey {
                platform: PLATFORM,
                app_user_id: user,
            };
            let record = stored.opened().link(key).await.unwrap().unwrap();
            assert_eq!((record.lease, record.lease_until), (None, None));
            assert_eq!(record.key_id, CURRENT_KEY_ID);
        }
        assert_eq!(platform.spent(), 3);
    }
}

#[tokio::test]
async fn a_lease_of_version_1_that_was_left_behind_is_taken_over_after_its_time() {
    for stored in Stored::copies().await {
        let platform = Platform::start().await;
        let clock = clock();
        clock.advance(HOUR);
        let client = client(&stored, &platform, &clock);
        assert_eq!(
            token_of(&client, "user-leased").await.unwrap(),
            "access-user-leased-3"
        );
        let waited = clock.paused();
        assert!(
            (Duration::from_secs(30)..Duration::from_secs(45)).contains(&waited),
            "{waited:?}"
        );
        assert_eq!(
            link_of(&client, "user-leased").await.status,
            LinkStatus::Active
        );
        assert_eq!(platform.spent(), 1);
    }
}

#[tokio::test]
async fn the_attempts_of_version_1_are_completed() {
    for stored in Stored::copies().await {
        let platform = Platform::start().await;
        let client = client(&stored, &platform, &clock());
        for (user, state, page, spent) in [
            (
                "user-active",
                "P2cgEkZHpHLJhvd0FYQKUoPCuCA8H5ah9eDBIosWLSw",
                "/results",
                0,
            ),
            // Its code is exchanged already.
            (
                "user-exchanged",
                "keOciPmgGZkgKghL5LfX0FHrsVTc8gpDHTxmwNC1u38",
                "/allergies",
                0,
            ),
            (
                "user-pending",
                "tOXZHthPUMq98IMLDir1JVJRiXMOpaLnqvZVycMkMCg",
                "/medicines",
                1,
            ),
        ] {
            let link = complete(&client, user, state).await.unwrap();
            assert_eq!(link.public_id, public_id(user));
            assert_eq!(link.context, Some(json!({ "page": page }).into()));
            assert_eq!(platform.spent(), spent, "{user}");
            let token = token_of(&client, user).await.unwrap();
            assert_eq!(token, format!("access-{user}-1"));
        }
    }
}

#[tokio::test]
async fn an_attempt_that_a_process_of_version_1_is_at_is_not_written_to_until_its_time_is_over() {
    const STATE: &str = "tOXZHthPUMq98IMLDir1JVJRiXMOpaLnqvZVycMkMCg";
    const ID: &str = "MHJFWVAV0TTM4CDLGINwqQMSuA7CPfkzZf0ghAPToyU";
    for stored in Stored::copies().await {
        let platform = Platform::start().await;
        let clock = clock();
        let records = stored.opened();
        // So does version 1: it writes no lease into what is sealed.
        let mut attempt = records.attempt(PLATFORM, ID).await.unwrap().unwrap();
        attempt.status = AttemptStatus::Exchanging;
        attempt.version = 2;
        assert!(records.put_attempt(&attempt, Some(1)).await.unwrap());
        let error = complete(&client(&stored, &platform, &clock), "user-pending", STATE)
            .await
            .unwrap_err();
        assert!(
            matches!(
                Failure::of(&error),
                Some(Failure::LinkState { reason: "used", .. })
            ),
            "{error}"
        );
        let waited = clock.paused();
        assert!(waited >= Duration::from_secs(30), "{waited:?}");
        // One write alone, which gives it up.
        let attempt = records.attempt(PLATFORM, ID).await.unwrap().unwrap();
        assert_eq!(
            (attempt.status, attempt.version),
            (AttemptStatus::Failed, 3)
        );
    }
}

#[tokio::test]
async fn the_links_of_version_1_are_sealed_anew_and_the_old_key_can_go() {
    let platform = Platform::start().await;
    for stored in Stored::copies().await {
        let clock = clock();
        let rotating = client(&stored, &platform, &clock);
        let done = rotating.rotate_keys(RotateKeysOptions::default()).await;
        let done = done.unwrap();
        assert_eq!((done.links, done.resealed, done.failed.len()), (5, 1, 0));
        let without = client_with(&stored, &platform, &clock, &[CURRENT_KEY]);
        let expired = HashSet::from(["user-expired", "user-exchanged", "user-pending"]);
        for user in USERS.iter().filter(|user| !expired.contains(*user)) {
            token_of(&without, user).await.unwrap();
        }
    }
}
