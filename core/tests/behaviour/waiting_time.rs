//! How long a session is waited for: no longer than its limits allow, whatever is being waited for when they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use digime_sdk::digime::{Callback, PollingLimits, ReadAllFilesOptions};
use digime_sdk::{Error, ErrorKind};

use crate::library::list_of;
use crate::paced::{Answer, Asked, HOST, Paced, small_file};
use crate::platform_tokens::{fresh_tokens, platform_keys};
use crate::polling::{is_about, seconds};

const INTERVAL: Duration = Duration::from_secs(3);

fn total(milliseconds: u64) -> PollingLimits {
    PollingLimits {
        total: Some(milliseconds),
        ..PollingLimits::default()
    }
}

fn limit(error: &Error) -> (&'static str, Duration) {
    let ErrorKind::Timeout { phase, after, .. } = error.kind() else {
        panic!("{error}")
    };
    (phase, *after)
}

/// Reads, until the error that ends it.
async fn fails(platform: &Arc<Paced>, options: ReadAllFilesOptions) -> Error {
    let outcome = platform.client().read_all_files(options).await;
    outcome.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn the_limits_of_polling_last_as_long_as_with_an_interval_of_three_seconds() {
    let pending = PollingLimits {
        pending: Some(20),
        ..PollingLimits::default()
    };
    for (state, limits, phase) in [
        ("running", PollingLimits::default(), "stale"),
        ("pending", PollingLimits::default(), "stale"),
        ("pending", pending, "pending"),
    ] {
        let mut lasted = Vec::new();
        for interval in [Some(3000), None] {
            let platform = Paced::platform(move |_| Answer::list(&list_of(state, &[])));
            let mut options = platform.noting();
            options.polling_interval = interval;
            options.polling_limits = Some(limits.clone());
            let (told, after) = limit(&fails(&platform, options).await);
            assert_eq!(told, phase);
            lasted.push((platform.passed(), after));
        }
        let [(fixed, told), (rhythm, also_told)] = lasted[..] else {
            panic!("{lasted:?}")
        };
        assert_eq!(told, also_told);
        assert!(
            fixed <= rhythm && rhythm <= fixed + INTERVAL + seconds(0.001),
            "{phase}: {lasted:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn with_an_interval_of_the_applications_it_is_limited_how_often_the_list_is_asked_for() {
    let platform = Paced::platform(|_| Answer::list(&list_of("pending", &[])));
    let mut options = platform.noting();
    options.polling_interval = Some(1);
    options.polling_limits = Some(PollingLimits {
        pending: Some(7),
        ..PollingLimits::default()
    });
    platform.client().read_all_files(options).await.unwrap_err();
    assert_eq!(platform.polls().len(), 7);
}

/// What a platform does that keeps a session waiting, and how often it is asked for the list.
type Waits = (fn(&Asked) -> Answer, Option<u64>);

fn running(_: &Asked) -> Answer {
    Answer::list(&list_of("running", &[]))
}

#[tokio::test(start_paused = true)]
async fn the_whole_time_ends_when_it_is_over_whatever_is_waited_for() {
    let waits: [Waits; 7] = [
        (running, Some(10_000)),
        (|asked| running(asked).taking(seconds(12.0)), None),
        (|asked| running(asked).retrying_after(20), None),
        (|_| Answer::status(429).retrying_after(20), None),
        (|_| Answer::status(503), None),
        (|_| Answer::status(500), None),
        (
            |asked| match asked.file {
                None => Answer::list(&list_of("completed", &[("a", 1)])),
                Some(_) => Answer::file(&small_file()).taking(seconds(30.0)),
            },
            None,
        ),
    ];
    for (number, (answering, interval)) in waits.into_iter().enumerate() {
        let platform = Paced::platform(answering);
        let mut options = platform.noting();
        options.polling_interval = interval;
        options.polling_limits = Some(total(2000));
        let error = fails(&platform, options).await;
        assert_eq!(limit(&error), ("total", seconds(2.0)), "{number}");
        let passed = platform.passed();
        assert!(is_about(passed, seconds(2.0)), "{number}: {passed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn files_that_are_under_way_at_the_end_of_the_whole_time_are_given_up_and_those_before_were_told_of()
 {
    let file = small_file();
    let platform = Paced::with_files(100, move |_| Answer::file(&file).taking(seconds(0.3)));
    let mut options = platform.noting();
    options.concurrency = Some(1);
    options.polling_limits = Some(total(2000));
    let error = fails(&platform, options).await;
    assert_eq!(limit(&error), ("total", seconds(2.0)));
    assert!(is_about(platform.passed(), seconds(2.0)));
    let (told, asked) = (platform.told().len(), platform.asked().len());
    assert_eq!((told, asked), (6, 8));
    tokio::time::sleep(seconds(10.0)).await;
    assert_eq!(platform.told().len(), told);
    assert_eq!(platform.asked().len(), asked);
    assert_eq!(platform.under_way(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_is_under_way_when_a_reading_of_minutes_ends_is_waited_for() {
    let platform = Paced::platform(|asked| match &*asked.path {
        "/v1.7/oauth/token" => Answer::text(fresh_tokens(HOST)).taking(seconds(20.0)),
        "/jwks" => Answer::text(platform_keys()),
        _ if asked.file.is_some() => Answer::status(401),
        // The file comes when more time has passed than a call may take.
        _ if asked.at < seconds(290.0) => running(asked),
        _ => Answer::list(&list_of("running", &[("a", 1)])),
    });
    let mut options = platform.noting();
    options.polling_limits = Some(total(300_000));
    let error = fails(&platform, options).await;
    assert_eq!(limit(&error), ("total", seconds(300.0)));
    let token = error.user_access_token().expect("the token that serves");
    assert_eq!(token.access_token.value.expose(), "access-2");
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_is_at_work_when_the_whole_time_ends_is_waited_for_and_no_other_is_called()
{
    let file = small_file();
    let platform = Paced::with_files(20, move |_| Answer::file(&file));
    let is_stored = Arc::new(AtomicBool::new(false));
    let stored = Arc::clone(&is_stored);
    let mut options = platform.noting();
    options.on_file_data = Some(Callback::new(move |_| {
        let stored = Arc::clone(&stored);
        async move {
            tokio::time::sleep(seconds(5.0)).await;
            assert!(!stored.swap(true, Ordering::Relaxed));
            Ok(())
        }
    }));
    options.polling_limits = Some(total(2000));
    let error = fails(&platform, options).await;
    assert_eq!(limit(&error), ("total", seconds(2.0)));
    assert!(is_stored.load(Ordering::Relaxed));
    assert!(is_about(platform.passed(), seconds(5.0)));
}

#[tokio::test(start_paused = true)]
async fn a_reading_that_needs_nothing_any_more_when_the_whole_time_ends_has_succeeded() {
    let file = small_file();
    let platform = Paced::with_files(1, move |_| Answer::file(&file));
    let mut options = platform.noting();
    options.on_file_data = Some(Callback::new(|_| async {
        tokio::time::sleep(seconds(5.0)).await;
        Ok(())
    }));
    options.polling_limits = Some(total(2000));
    platform.client().read_all_files(options).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn five_minutes_without_a_change_end_when_they_are_over_whatever_is_waited_for() {
    let waits: [Waits; 6] = [
        (running, None),
        (running, Some(3000)),
        (|asked| running(asked).retrying_after(3600), None),
        (|asked| running(asked).retrying_after(3600), Some(10)),
        (
            |asked| {
                if asked.at.is_zero() {
                    running(asked)
                } else {
                    running(asked).taking(seconds(50.0))
                }
            },
            None,
        ),
        (
            |asked| {
                if asked.at.is_zero() {
                    running(asked)
                } else {
                    Answer::status(429).retrying_after(100)
                }
            },
            Some(1000),
        ),
    ];
    for (number, (answering, interval)) in waits.into_iter().enumerate() {
        let platform = Paced::platform(answering);
        let mut options = platform.noting();
        options.polling_interval = interval;
        let error = fails(&platform, options).await;
        assert_eq!(limit(&error), ("stale", seconds(300.0)), "{number}");
        let passed = platform.passed();
        assert!(is_about(passed, seconds(300.0)), "{number}: {passed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_application_does_with_a_file_is_no_time_without_a_change() {
    let platform = Paced::platform(|asked| match asked.file {
        Some(_) => Answer::file(&small_file()),
        None if asked.at < seconds(500.0) => running_with_a_file(),
        None => Answer::list(&list_of("completed", &[("a", 1)])),
    });
    let mut options = platform.noting();
    options.on_file_data = Some(Callback::new(|_| async {
        tokio::time::sleep(seconds(400.0)).await;
        Ok(())
    }));
    let read = platform.client().read_all_files(options).await.unwrap();
    assert_eq!(read.status.state, "completed");
}

fn running_with_a_file() -> Answer {
    Answer::list(&list_of("running", &[("a", 1)]))
}
