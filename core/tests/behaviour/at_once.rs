//! How many files are read at once: as many as the platform bears, and as there is room for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use crate::envelope::seal;
use crate::paced::{Answer, Paced, small_file};
use crate::sandbox::CONTRACT_KEY;

fn milliseconds(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A platform that does one thing after another, each of which takes so long.
fn one_by_one(takes: Duration) -> impl Fn(Duration) -> Duration + Send + Sync {
    let busy_until = Mutex::new(Duration::ZERO);
    move |at| {
        let mut until = busy_until.lock().unwrap();
        *until = at.max(*until) + takes;
        until.saturating_sub(at)
    }
}

#[tokio::test(start_paused = true)]
async fn as_many_are_read_at_once_as_make_it_faster_from_five_up_to_thirty_two() {
    let file = small_file();
    let platform = Paced::with_files(300, move |_| Answer::file(&file).taking(milliseconds(100)));
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.told().len(), 300);
    let files = platform.files();
    let at_first = files.iter().filter(|(at, _)| at.is_zero());
    assert_eq!(at_first.count(), 5);
    assert_eq!(platform.most_at_once(), 32);
    // Five at once take six seconds, and all at once would take a tenth of one.
    assert!(
        platform.passed() < milliseconds(1500),
        "{:?}",
        platform.passed()
    );
}

#[tokio::test(start_paused = true)]
async fn the_applications_bound_is_never_passed() {
    for (concurrency, expected) in [(1, 1), (3, 3), (8, 8), (100, 100)] {
        let file = small_file();
        let platform =
            Paced::with_files(300, move |_| Answer::file(&file).taking(milliseconds(100)));
        let mut options = platform.noting();
        options.concurrency = Some(concurrency);
        platform.client().read_all_files(options).await.unwrap();
        assert_eq!(platform.most_at_once(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_does_one_thing_after_another_is_not_crowded() {
    let (file, takes) = (small_file(), one_by_one(milliseconds(20)));
    let platform = Paced::with_files(300, move |asked| {
        Answer::file(&file).taking(takes(asked.at))
    });
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.told().len(), 300);
    assert!(platform.most_at_once() <= 10, "{}", platform.most_at_once());
    assert_eq!(platform.passed(), milliseconds(20) * 300);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_slows_down_is_given_less_to_do() {
    let (file, takes) = (small_file(), one_by_one(milliseconds(20)));
    let slow_from = milliseconds(1000);
    let platform = Paced::with_files(1000, move |asked| {
        let takes = if asked.at < slow_from {
            milliseconds(50)
        } else {
            takes(asked.at)
        };
        Answer::file(&file).taking(takes)
    });
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.most_at_once(), 32);
    let files = platform.files();
    // More are tried now and then, and found to bring nothing.
    let soon = slow_from + Duration::from_secs(1);
    let later = files.iter().filter(|(at, _)| *at > soon);
    let crowding = later.clone().filter(|(_, at_once)| *at_once > 16);
    assert!(crowding.count() * 3 < later.count(), "{files:?}");
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_refuses_for_being_asked_too_much_is_read_with_less_at_once() {
    for status in [429, 503] {
        let file = small_file();
        let refused = Arc::new(Mutex::new(Vec::new()));
        let refusals = Arc::clone(&refused);
        let platform = Paced::with_files(300, move |asked| {
            if asked.under_way > 12 {
                refusals.lock().unwrap().push(asked.at);
                return Answer::status(status);
            }
            Answer::file(&file).taking(milliseconds(100))
        });
        let options = platform.noting();
        platform.client().read_all_files(options).await.unwrap();
        assert_eq!(platform.told().len(), 300);
        assert!(platform.failed().is_empty(), "{:?}", platform.failed());
        let refused = refused.lock().unwrap();
        let first = *refused.first().unwrap();
        let soon_after = platform
            .files()
            .into_iter()
            .filter(|(at, _)| *at > first + milliseconds(200) && *at < first + milliseconds(900));
        assert!(soon_after.clone().count() > 0);
        assert!(soon_after.clone().all(|(_, at_once)| at_once <= 10));
        assert!(refused.len() < 40, "{}", refused.len());
    }
}

#[tokio::test(start_paused = true)]
async fn when_one_is_told_to_come_back_later_all_do() {
    let file = small_file();
    let number = Mutex::new(0);
    let refused_at = Arc::new(Mutex::new(Duration::ZERO));
    let refused = Arc::clone(&refused_at);
    let platform = Paced::with_files(200, move |asked| {
        let mut number = number.lock().unwrap();
        *number += 1;
        if *number == 100 {
            *refused.lock().unwrap() = asked.at;
            return Answer::status(429).retrying_after(30);
        }
        // Another is repeated for a reason of its own, which it would be sooner.
        if *number == 99 {
            return Answer::status(500);
        }
        Answer::file(&file).taking(milliseconds(100))
    });
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.told().len(), 200);
    let refused_at = *refused_at.lock().unwrap();
    let until = refused_at + Duration::from_secs(30);
    let files = platform.files();
    let meanwhile = files
        .iter()
        .filter(|(at, _)| *at > refused_at && *at < until);
    assert_eq!(meanwhile.count(), 0);
    assert!(files.iter().any(|(at, _)| *at >= until));
}

#[tokio::test(start_paused = true)]
async fn a_file_that_the_platform_never_has_is_told_and_holds_up_no_other() {
    let file = small_file();
    let platform = Paced::with_files(100, move |asked| {
        if asked.file.as_deref() == Some("50.json") {
            return Answer::status(503);
        }
        Answer::file(&file).taking(milliseconds(100))
    });
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.told().len(), 99);
    assert_eq!(platform.failed(), ["50.json"]);
}

#[tokio::test(start_paused = true)]
async fn of_large_files_no_more_are_read_at_once_than_fit_into_64_mebibytes() {
    let large: Bytes = seal(CONTRACT_KEY, &vec![0; 20 * 1024 * 1024]).into();
    let platform = Paced::with_files(10, move |_| Answer::file(&large).taking(milliseconds(100)));
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.told().len(), 10);
    let files = platform.files();
    let (unknown, known) = files.split_at(5);
    assert!(unknown.iter().all(|(at, _)| at.is_zero()), "{files:?}");
    // The four others are still on their way when the first is known.
    let known = known.iter().filter(|(at, _)| *at > milliseconds(150));
    assert!(known.clone().count() > 0);
    assert!(known.clone().all(|(_, at_once)| *at_once <= 3), "{files:?}");
}
