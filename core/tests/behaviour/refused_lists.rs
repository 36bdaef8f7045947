//! A list that the platform refuses since it is asked too much: a session is waited for all the same, more slowly.

use std::sync::Mutex;
use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::digime::PollingLimits;
use serde_json::json;

use crate::kept_tokens::refused;
use crate::library::{list_of, read_all_files};
use crate::paced::{Answer, Paced, small_file};
use crate::polling::{gaps, is_about, seconds};
use crate::scripted::{Platform, TestClock, client_at};

#[tokio::test(start_paused = true)]
async fn a_list_that_is_refused_again_and_again_does_not_end_the_reading() {
    for status in [429, 503] {
        let platform = Paced::platform(move |asked| match asked.file {
            Some(_) => Answer::file(&small_file()),
            None if asked.at < seconds(100.0) => Answer::status(status),
            None => Answer::list(&list_of("completed", &[("a", 1)])),
        });
        let options = platform.noting();
        platform.client().read_all_files(options).await.unwrap();
        assert_eq!(platform.told().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_refused_is_asked_for_when_the_platform_says_and_not_before() {
    for interval in [None, Some(1000)] {
        let platform = Paced::platform(|asked| match asked.file {
            Some(_) => Answer::file(&small_file()).taking(seconds(20.0)),
            None if asked.at.is_zero() => Answer::list(&list_of("running", &[("a", 1)])),
            None if asked.at < seconds(60.0) => Answer::status(429).retrying_after(7),
            None => Answer::list(&list_of("completed", &[("a", 1)])),
        });
        let mut options = platform.noting();
        options.polling_interval = interval;
        platform.client().read_all_files(options).await.unwrap();
        let gaps = gaps(&platform.polls());
        let (_, refused) = gaps.split_first().unwrap();
        assert!(refused.len() > 5, "{gaps:?}");
        assert!(
            refused.iter().all(|gap| is_about(*gap, seconds(7.0))),
            "{gaps:?}"
        );
        assert_eq!(platform.told().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn each_refusal_slows_the_waiting_a_little_and_an_answer_leaves_it_at_that_pace() {
    for (status, retry_after) in [(503, None), (429, None), (429, Some(0))] {
        let asked_before = Mutex::new(0);
        let platform = Paced::platform(move |_| {
            let mut number = asked_before.lock().unwrap();
            *number += 1;
            match (*number, retry_after) {
                (2, Some(seconds)) => Answer::status(status).retrying_after(seconds),
                (2, None) => Answer::status(status),
                (6.., _) => Answer::list(&list_of("completed", &[])),
                _ => Answer::list(&list_of("running", &[])),
            }
        });
        let options = platform.noting();
        platform.client().read_all_files(options).await.unwrap();
        let gaps = gaps(&platform.polls());
        let expected = [0.5, 1.0, 1.25, 1.5625, 1.953];
        for (gap, expected) in gaps.iter().zip(expected) {
            assert!(is_about(*gap, seconds(expected)), "{gaps:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_slow_a_fixed_interval_too_up_to_every_three_seconds() {
    for (interval, expected) in [(10, [1.0, 2.0, 3.0, 3.0]), (10_000, [10.0; 4])] {
        let platform = Paced::platform(|_| Answer::status(503));
        let mut options = platform.noting();
        options.polling_interval = Some(interval);
        options.polling_limits = Some(PollingLimits {
            total: Some(60_000),
            ..PollingLimits::default()
        });
        platform.client().read_all_files(options).await.unwrap_err();
        let gaps = gaps(&platform.polls());
        for (gap, expected) in gaps.iter().zip(expected) {
            assert!(is_about(*gap, seconds(expected)), "{gaps:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_that_ends_it_says_with_what_the_list_was_refused_and_when_it_may_be_asked_for() {
    let platform = Paced::platform(|_| Answer::status(429).retrying_after(70));
    let options = platform.noting();
    let error = platform.client().read_all_files(options).await.unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::Timeout { phase: "stale", .. }
    ));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(70)));
    assert_eq!(
        error.to_string(),
        "readAllFiles: stale time-out after 300000 ms; the list was refused at last: Response code 429 (Too Many Requests)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_was_followed_by_a_list_is_none_of_the_limits() {
    let platform = Paced::platform(|asked| {
        if asked.at < seconds(10.0) {
            Answer::status(429).retrying_after(1)
        } else {
            Answer::list(&list_of("running", &[]))
        }
    });
    let options = platform.noting();
    let error = platform.client().read_all_files(options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "readAllFiles: stale time-out after 300000 ms"
    );
    assert_eq!(error.retry_after(), None);
}

#[tokio::test]
async fn a_refresh_of_the_token_that_is_refused_ends_the_reading_as_ever() {
    let platform = Platform::start(json!([
        refused("GET /v1.7/permission-access/query/session-1"),
        { "on": "POST /v1.7/oauth/token", "response": { "status": 503, "text": "" } },
    ]))
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let error = client.read_all_files(read_all_files()).await.unwrap_err();
    assert_eq!(error.to_string(), "Response code 503 (Service Unavailable)");
    platform.finish().await;
}
