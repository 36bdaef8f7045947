//! Watching for records that change: each change is given until it has been dealt with, to one of many.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::Error;
use digime_sdk::connections::MemoryStore;
use digime_sdk::pkb::{Client, RecordChange, Store, Watch};
use digime_sdk::world::Clock as _;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

use super::answering::{Answering, parameters, path_of};
use super::sandbox::{BOBBY, MORAG, Pkb, at, shared};
use crate::clock::TestClock;

pub const MINUTE: u64 = 60_000;

pub fn watch(client: &Client, more: &Value) -> Result<Watch, Error> {
    let mut options = json!({ "every": 10 * MINUTE });
    for (name, value) in more.as_object().unwrap() {
        options[name] = value.clone();
    }
    client.watching(serde_json::from_value(options).unwrap())
}

async fn measure(client: &Client, user: &str, value: &str) {
    let values = json!([{ "apiRef": "weight", "value": value }]);
    let measurement = json!({ "apiRef": "weight", "takenDate": "2026-07-01", "values": values });
    let options = json!({ "appUserId": user, "measurement": measurement });
    let options = serde_json::from_value(options).unwrap();
    client.add_measurement(options).await.unwrap();
}

/// Two processes that share links, each by a clock of a test's.
pub struct Two {
    pub pkb: Pkb,
    pub clock: Arc<TestClock>,
    pub kept: Arc<MemoryStore>,
    pub first: Client,
    pub second: Client,
}

impl Two {
    pub async fn linked() -> Self {
        let pkb = Pkb::start().await;
        let (store, kept) = shared();
        let clock = TestClock::new();
        let first = at(pkb.config(store), &clock);
        let second = at(pkb.config(Store::Own(kept.clone())), &clock);
        pkb.link(&first, "user-1", BOBBY).await;
        pkb.link(&first, "user-2", MORAG).await;
        Self {
            pkb,
            clock,
            kept,
            first,
            second,
        }
    }
}

/// So many changes.
async fn given(watch: &mut Watch, count: usize) -> Vec<RecordChange> {
    let mut changes = Vec::new();
    for _ in 0..count {
        changes.push(watch.next().await.unwrap());
    }
    changes
}

fn users(changes: &[RecordChange]) -> Vec<&str> {
    changes.iter().map(|change| &*change.app_user_id).collect()
}

#[tokio::test]
async fn a_record_that_was_never_dealt_with_is_given_once_and_then_when_something_in_it_has_changed()
 {
    let two = Two::linked().await;
    let mut watching = watch(&two.first, &json!({})).unwrap();
    let first = given(&mut watching, 2).await;
    assert_eq!(users(&first), ["user-1", "user-2"]);
    assert!(first.iter().all(|change| change.previous.is_none()));
    assert_eq!(first[0].public_id, two.pkb.public_id(BOBBY));
    measure(&two.second, "user-2", "70.5").await;
    let next = watching.next().await.unwrap();
    assert_eq!(next.app_user_id, "user-2");
    assert_eq!(next.previous, first[1].last_change);
    assert_ne!(next.last_change, next.previous);
}

#[tokio::test]
async fn what_was_not_dealt_with_is_given_again_by_whoever_watches_then() {
    let two = Two::linked().await;
    let mut dying = watch(&two.first, &json!({})).unwrap();
    // The second was given out and never dealt with: nobody asked for the next.
    given(&mut dying, 2).await;
    drop(dying);
    two.clock.advance(Duration::from_millis(10 * MINUTE));
    let mut other = watch(&two.second, &json!({})).unwrap();
    let again = other.next().await.unwrap();
    assert_eq!(again.app_user_id, "user-2");
    assert_eq!(again.previous, None);
}

#[tokio::test]
async fn a_record_is_looked_at_by_one_of_those_who_watch() {
    let two = Two::linked().await;
    let mut one = watch(&two.first, &json!({})).unwrap();
    let mut other = watch(&two.second, &json!({})).unwrap();
    let (mine, theirs) = (one.next().await.unwrap(), other.next().await.unwrap());
    assert_eq!(
        (&*mine.app_user_id, &*theirs.app_user_id),
        ("user-1", "user-2")
    );
}

#[tokio::test]
async fn a_record_is_looked_at_again_when_the_time_has_passed_and_no_sooner() {
    let two = Two::linked().await;
    let mut watching = watch(&two.first, &json!({})).unwrap();
    given(&mut watching, 2).await;
    measure(&two.second, "user-1", "70.5").await;
    let (before, begun) = (two.pkb.tally("calls").await, two.clock.paused());
    watching.next().await.unwrap();
    let looks = two.pkb.tally("calls").await - before;
    assert_eq!(looks, 1);
    let waited = two.clock.paused().saturating_sub(begun);
    let (every, least) = (10 * MINUTE, 10 * MINUTE - 10_000);
    assert!(
        waited <= Duration::from_millis(every) && waited > Duration::from_millis(least),
        "{waited:?}"
    );
}

#[tokio::test]
async fn who_looks_by_a_clock_that_is_a_year_ahead_keeps_nobody_from_looking() {
    let two = Two::linked().await;
    let clock = TestClock::at(two.clock.now() + Duration::from_hours(365 * 24));
    let wrong = at(two.pkb.config(Store::Own(two.kept.clone())), &clock);
    given(&mut watch(&wrong, &json!({})).unwrap(), 2).await;
    let mut watching = watch(&two.second, &json!({})).unwrap();
    let next = watching.next().await.unwrap();
    // The first was dealt with; of the second nobody has said so.
    assert_eq!(next.app_user_id, "user-2");
    assert_eq!(two.clock.slept(), [Duration::from_secs(1)]);
}

#[tokio::test]
async fn patients_are_looked_at_as_often_in_a_second_as_is_set() {
    for (per_second, apart) in [(json!(null), 1000), (json!(4), 250)] {
        let two = Two::linked().await;
        let mut watching = watch(&two.first, &json!({ "perSecond": per_second })).unwrap();
        given(&mut watching, 2).await;
        assert_eq!(two.clock.slept(), [Duration::from_millis(apart)]);
    }
}

#[tokio::test]
async fn a_change_is_another_time_and_not_a_later_one() {
    let (later, earlier) = ("2027-01-02T09:57:34.2112Z", "2027-01-01T09:57:34.2112Z");
    let nothing = (200, parameters(&json!([])).to_string());
    let pkb = Answering::with([changed(later), changed(later), changed(earlier), nothing]).await;
    let client = at(pkb.config(&json!({})), &TestClock::new());
    pkb.import(&client).await;
    let mut watching = watch(&client, &json!({})).unwrap();
    let seen: Vec<_> = given(&mut watching, 3)
        .await
        .into_iter()
        .map(|change| change.last_change)
        .collect();
    assert_eq!(
        seen,
        [Some(later.to_owned()), Some(earlier.to_owned()), None]
    );
}

#[tokio::test]
async fn a_record_in_which_nothing_is_is_given_once_as_well() {
    let nothing = || (200, parameters(&json!([])).to_string());
    let pkb = Answering::with([nothing(), nothing(), changed("2027-01-01T00:00:00Z")]).await;
    let client = at(pkb.config(&json!({})), &TestClock::new());
    pkb.import(&client).await;
    let mut watching = watch(&client, &json!({})).unwrap();
    let seen = given(&mut watching, 2).await;
    assert_eq!(seen[0].last_change, None);
    assert_eq!(seen[1].last_change.as_deref(), Some("2027-01-01T00:00:00Z"));
    assert_eq!(pkb.heard().len(), 3);
}

#[tokio::test]
async fn a_user_whose_link_is_over_is_left_out() {
    let two = Two::linked().await;
    let mut watching = watch(&two.first, &json!({})).unwrap();
    two.pkb.turn("expire-sessions", json!({})).await;
    two.pkb.link(&two.second, "user-2", MORAG).await;
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-2");
}

/// The answer to an app user of whom this is when something last changed.
pub fn changed(time: &str) -> (u16, String) {
    let part = json!([{ "name": "lastRecordUpdate", "valueInstant": time }]);
    let answer = json!([{ "name": "lastDataPointsResult", "part": part }]);
    (200, parameters(&answer).to_string())
}

#[tokio::test]
async fn a_watch_ends_with_the_reason_when_nobody_could_be_looked_at_for_long_and_goes_on_when_asked_again()
 {
    let refused = || (403, "{}".to_owned());
    let pkb = Answering::with([refused(), refused(), changed("2027-01-01T00:00:00Z")]).await;
    let client = at(pkb.config(&json!({})), &TestClock::new());
    pkb.import(&client).await;
    let mut watching = watch(&client, &json!({})).unwrap();
    let error = watching.next().await.unwrap_err();
    assert_eq!(error.code(), "ERR_NON_2XX_3XX_RESPONSE");
    assert_eq!(pkb.heard().len(), 2);
    watching.next().await.unwrap();
}

#[tokio::test]
async fn a_watch_outlives_a_patient_who_cannot_be_looked_at_while_others_can() {
    let two = Two::linked().await;
    let frozen = json!({ "publicId": two.pkb.public_id(BOBBY) });
    two.pkb.turn("freeze", frozen).await;
    let mut watching = watch(&two.first, &json!({})).unwrap();
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-2");
    let before = two.clock.paused();
    measure(&two.second, "user-2", "70.5").await;
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-2");
    two.pkb
        .turn("unfreeze", json!({ "publicId": two.pkb.public_id(BOBBY) }))
        .await;
    assert_eq!(watching.next().await.unwrap().app_user_id, "user-1");
    assert!(two.clock.paused() > before);
}

#[tokio::test]
async fn a_client_that_watches_can_be_closed_while_it_waits() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    let client = pkb.linked().await;
    let mut watching = watch(&client, &json!({})).unwrap();
    let watched = tokio::spawn(async move {
        watching.next().await.unwrap();
        watching.next().await
    });
    pkb.heard_so_many(1).await;
    let closed = client
        .close(serde_json::from_value(json!({})).unwrap())
        .await
        .unwrap();
    assert!(closed.finished);
    let error = watched.await.unwrap().unwrap_err();
    assert_eq!(error.code(), "ERR_CLIENT_CLOSED");
}

#[tokio::test]
async fn nothing_is_looked_at_before_the_first_is_asked_for() {
    let pkb = Answering::always(parameters(&json!([]))).await;
    let client = pkb.linked().await;
    let mut watching = watch(&client, &json!({})).unwrap();
    assert!(pkb.heard().is_empty());
    assert!(watching.next().now_or_never().is_none());
}

#[tokio::test]
async fn a_pace_that_is_none_is_refused_by_name() {
    let client = Answering::always(json!({})).await.client();
    for (more, expected) in [
        (json!({ "every": 999 }), "options.every"),
        (json!({ "perSecond": 0 }), "options.perSecond"),
    ] {
        let error = watch(&client, &more).err().unwrap();
        assert_eq!(path_of(&error), expected);
    }
}
