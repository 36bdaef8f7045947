//! When the list of a session's files is asked for: soon at first, then ever more slowly, and never too often.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::digime::{Callback, PollingLimits};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::library::list_of;
use crate::paced::{Answer, Asked, Paced, small_file};

const INTERVAL: Duration = Duration::from_secs(3);

pub fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

pub fn gaps(polls: &[Duration]) -> Vec<Duration> {
    polls
        .windows(2)
        .map(|two| two[1].saturating_sub(two[0]))
        .collect()
}

/// Timers are as fine as a millisecond.
pub fn is_about(gap: Duration, expected: Duration) -> bool {
    gap.abs_diff(expected) <= Duration::from_millis(1)
}

fn of_total(seconds: u64) -> PollingLimits {
    PollingLimits {
        total: Some(seconds * 1000),
        ..PollingLimits::default()
    }
}

/// A session of files that become ready then, after which it ends at once.
fn session(asked: &Asked, ready: &[Duration], end: Duration) -> Answer {
    if asked.file.is_some() {
        return Answer::file(&small_file());
    }
    let state = if asked.at >= end {
        "completed"
    } else {
        "running"
    };
    let there = ready.iter().enumerate().filter(|(_, at)| **at <= asked.at);
    let files: Vec<Value> = there
        .map(|(number, _)| json!({ "name": number.to_string(), "updatedDate": 1 }))
        .collect();
    Answer::list(&json!({ "status": { "state": state }, "fileList": files }))
}

#[tokio::test(start_paused = true)]
async fn the_list_is_asked_for_soon_at_first_and_then_ever_more_slowly_up_to_every_three_seconds() {
    let platform = Paced::platform(|_| Answer::list(&list_of("running", &[])));
    let mut options = platform.noting();
    options.polling_limits = Some(of_total(60));
    platform.client().read_all_files(options).await.unwrap_err();
    let gaps = gaps(&platform.polls());
    assert!(is_about(gaps[0], seconds(0.5)), "{gaps:?}");
    for two in gaps.windows(2) {
        let expected = INTERVAL.min(two[0] * 5 / 4);
        assert!(is_about(two[1], expected), "{gaps:?}");
    }
    assert!(is_about(*gaps.last().unwrap(), INTERVAL), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn after_a_change_it_is_asked_for_sooner_again() {
    let ready = [seconds(40.0)];
    let platform = Paced::platform(move |asked| session(asked, &ready, seconds(60.0)));
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    let polls = platform.polls();
    let found = polls.iter().position(|at| *at >= ready[0]).unwrap();
    let gaps = gaps(&polls);
    assert!(is_about(gaps[found - 1], INTERVAL), "{gaps:?}");
    assert!(is_about(gaps[found], INTERVAL / 2), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_for_four_times_a_second_and_forty_times_a_minute_at_most_whatever_happens() {
    type Weather = fn(usize, Answer) -> Answer;
    let weathers: [Weather; 9] = [
        |_, list| list,
        |_, list| list.taking(seconds(0.9)),
        |_, _| Answer::status(503),
        |_, _| Answer::status(429).retrying_after(0),
        |poll, list| {
            if poll < 30 {
                list
            } else {
                Answer::status(429).retrying_after(0)
            }
        },
        |poll, list| {
            if poll % 2 == 0 {
                list
            } else {
                Answer::status(503)
            }
        },
        |poll, list| {
            if poll % 3 == 0 {
                list
            } else {
                Answer::status(429).retrying_after(0)
            }
        },
        |poll, list| if poll < 2 { list } else { Answer::status(500) },
        |poll, list| {
            if poll % 2 == 0 {
                list
            } else {
                list.retrying_after(0)
            }
        },
    ];
    for (number, weather) in weathers.into_iter().enumerate() {
        let polls = Mutex::new(0);
        let platform = Paced::platform(move |asked| match asked.file.as_deref() {
            // One file keeps coming in, so a list that cannot be had is no end.
            Some("first") => Answer::file(&small_file()).taking(Duration::from_mins(10)),
            Some(_) => Answer::file(&small_file()),
            None => {
                let mut polls = polls.lock().unwrap();
                *polls += 1;
                let new = polls.to_string();
                let list = list_of("running", &[("first", 1), (&new, 1)]);
                weather(*polls, Answer::list(&list))
            }
        });
        let mut options = platform.noting();
        options.polling_limits = Some(of_total(300));
        platform.client().read_all_files(options).await.unwrap_err();
        let polls = platform.polls();
        assert!(polls.len() > 60, "weather {number}: {}", polls.len());
        for (most, within) in [(4, seconds(1.0)), (40, seconds(60.0))] {
            for (first, at) in polls.iter().enumerate() {
                let rest = polls[first..].iter();
                let count = rest
                    .take_while(|later| later.saturating_sub(*at) < within)
                    .count();
                assert!(count <= most, "weather {number}: {count} within {within:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_interval_that_the_application_gives_is_kept_whatever_changes() {
    let ready: Vec<_> = (0..20).map(|second| seconds(f64::from(second))).collect();
    let platform = Paced::platform(move |asked| session(asked, &ready, seconds(30.0)));
    let mut options = platform.noting();
    options.polling_interval = Some(2000);
    platform.client().read_all_files(options).await.unwrap();
    let gaps = gaps(&platform.polls());
    assert_eq!(gaps.len(), 15);
    assert!(
        gaps.iter().all(|gap| is_about(*gap, seconds(2.0))),
        "{gaps:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn with_an_interval_of_a_millisecond_files_are_told_of_while_the_session_goes_on() {
    let is_told = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_told);
    let platform = Paced::platform(move |asked| match asked.file {
        Some(_) => Answer::file(&small_file()),
        None if told.load(Ordering::Relaxed) => Answer::list(&list_of("completed", &[("a", 1)])),
        None => Answer::list(&list_of("running", &[("a", 1)])).taking(seconds(0.1)),
    });
    let mut options = platform.noting();
    options.polling_interval = Some(1);
    options.on_progress = Some(Callback::new(move |_| {
        is_told.store(true, Ordering::Relaxed);
        std::future::ready(Ok(()))
    }));
    platform.client().read_all_files(options).await.unwrap();
    assert_eq!(platform.told().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_to_be_asked_for_tomorrow_is_no_reason_to_wait_when_the_files_are_read() {
    let platform = Paced::platform(|asked| match asked.file {
        Some(_) => Answer::file(&small_file()).taking(seconds(20.0)),
        None if asked.at.is_zero() => Answer::list(&list_of("running", &[("a", 1)])),
        None => Answer::status(429).retrying_after(86_400),
    });
    let options = platform.noting();
    let error = platform.client().read_all_files(options).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_hours(24)));
    assert_eq!(platform.told().len(), 1);
    assert!(platform.passed() < seconds(30.0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_when_to_come_back_is_heeded_also_where_it_is_a_success() {
    let platform = Paced::platform(|asked| {
        Answer::list(&list_of(
            if asked.at < seconds(30.0) {
                "running"
            } else {
                "completed"
            },
            &[],
        ))
        .retrying_after(5)
    });
    let options = platform.noting();
    platform.client().read_all_files(options).await.unwrap();
    let gaps = gaps(&platform.polls());
    assert!(
        gaps.iter().all(|gap| is_about(*gap, seconds(5.0))),
        "{gaps:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_when_to_come_back_leaves_the_pace_as_it_was() {
    let mut found = Vec::new();
    for retry_after in [None, Some(0), Some(2)] {
        let ready = [seconds(1.0)];
        let platform = Paced::platform(move |asked| {
            let answer = session(asked, &ready, seconds(20.0));
            match retry_after {
                Some(seconds) => answer.retrying_after(seconds),
                None => answer,
            }
        });
        let options = platform.noting();
        platform.client().read_all_files(options).await.unwrap();
        found.push(gaps(&platform.polls()));
    }
    let [as_ever, at_once, later] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(as_ever, at_once);
    let (soon, late): (Vec<Duration>, Vec<Duration>) = later
        .iter()
        .copied()
        .partition(|gap| is_about(*gap, seconds(2.0)));
    assert!(soon.len() >= 3, "{later:?}");
    let is_slower = |gap: &Duration| *gap > seconds(2.0) && *gap <= INTERVAL;
    assert!(late.iter().all(is_slower), "{later:?}");
}

/// The mean time from a file's being ready to its being told of, in seconds, and how often the list was asked for.
async fn read(sessions: &[(Vec<Duration>, Duration)], interval: Option<u64>) -> (f64, usize) {
    let (mut late, mut files, mut polls) = (0.0, 0.0, 0);
    for (ready, end) in sessions.iter().cloned() {
        let readies = ready.clone();
        let platform = Paced::platform(move |asked| session(asked, &readies, end));
        let mut options = platform.noting();
        options.polling_interval = interval;
        platform.client().read_all_files(options).await.unwrap();
        let told = platform.told();
        assert_eq!(told.len(), ready.len());
        for (at, name) in told {
            late += at
                .checked_sub(ready[name.parse::<usize>().unwrap()])
                .unwrap()
                .as_secs_f64();
            files += 1.0;
        }
        polls += platform.polls().len();
    }
    (late / files, polls)
}

#[tokio::test(start_paused = true)]
async fn files_of_short_sessions_are_told_of_far_sooner_and_those_of_others_no_later() {
    let mut random = StdRng::seed_from_u64(15);
    for (files, longest, number, latest, most) in [
        (1, 5.0, 25, 0.4, 2.5),
        (15, 5.0, 25, 0.4, 2.5),
        (4, 30.0, 10, 0.8, 3.0),
        (15, 300.0, 4, 1.0, 2.0),
    ] {
        let mut moment = |longest| seconds(random.gen_range(0.0..longest));
        let sessions: Vec<_> = (0..number)
            .map(|_| {
                let end = moment(longest);
                let ready = (0..files).map(|_| moment(end.as_secs_f64())).collect();
                (ready, end)
            })
            .collect();
        let (before, polls_before) = read(&sessions, Some(3000)).await;
        let (now, polls) = read(&sessions, None).await;
        let case = format!(
            "{files} files within {longest} s: {now} s, not {before} s; {polls} requests, not {polls_before}"
        );
        assert!(now <= latest * before, "{case}");
        #[expect(clippy::cast_precision_loss, reason = "they are few")]
        let ratio = polls as f64 / polls_before as f64;
        assert!(ratio <= most, "{case}");
    }
}
