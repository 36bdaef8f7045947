//! Reading all files of a session: a few at a time, to the end, and no longer than is asked for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::digime::Client;
use digime_sdk::digime::{Callback, FileData, FileError, PollingLimits, ReadAllFilesOptions};
use serde_json::json;

use crate::envelope::seal;
use crate::library::{Library, list_of, read_all_files};
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{TestClock, client_at};

/// Options that note the names of the files read.
fn noting(names: &Arc<Mutex<Vec<String>>>) -> ReadAllFilesOptions {
    let names = Arc::clone(names);
    let mut options = read_all_files();
    options.on_file_data = Some(Callback::new(move |file: FileData| {
        names.lock().unwrap().push(file.file_name);
        std::future::ready(Ok(()))
    }));
    options
}

fn fill(library: &Library, names: &[String]) {
    for name in names {
        library.put(name, seal(CONTRACT_KEY, name.as_bytes()), None);
    }
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), 1)).collect();
    library.lists(vec![list_of("completed", &files)]);
}

#[tokio::test]
async fn no_more_files_are_on_their_way_at_once_than_is_allowed_and_all_arrive() {
    for (concurrency, expected) in [(Some(5), 5), (Some(2), 2)] {
        let library = Library::open().await;
        let names: Vec<String> = (0..20).map(|n| format!("{n}.json")).collect();
        fill(&library, &names);
        let read = Arc::default();
        let mut options = noting(&read);
        options.concurrency = concurrency;
        let response = client_at(library.config(), &TestClock::new())
            .read_all_files(options)
            .await
            .unwrap();
        assert_eq!(response.status.state, "completed");
        assert_eq!(response.file_list.len(), 20);
        assert_eq!(read.lock().unwrap().len(), 20);
        assert!(library.shelf.lock().unwrap().most_at_once <= expected);
    }
}

#[tokio::test]
async fn an_interval_of_none_and_no_file_at_once_are_refused_before_anything_is_sent() {
    let library = Library::open().await;
    library.lists(vec![list_of("completed", &[])]);
    let client = client_at(library.config(), &TestClock::new());
    for (interval, concurrency, expected) in [
        (
            Some(0),
            None,
            "options.pollingInterval: must be at least 1 millisecond",
        ),
        (None, Some(0), "options.concurrency: must be at least 1"),
    ] {
        let mut options = read_all_files();
        options.polling_interval = interval;
        options.concurrency = concurrency;
        let error = client.read_all_files(options).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("Parameters failed validation. {expected}")
        );
    }
    assert_eq!(library.shelf.lock().unwrap().polls, 0);
}

#[tokio::test]
async fn a_callback_that_fails_stops_nothing_and_its_failure_is_the_end() {
    let library = Library::open().await;
    let names: Vec<String> = (0..4).map(|n| format!("{n}.json")).collect();
    fill(&library, &names);
    let seen = Arc::new(Mutex::new(0));
    let mut options = read_all_files();
    let count = Arc::clone(&seen);
    options.on_file_data = Some(Callback::new(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        let number = *count;
        std::future::ready(Err(format!("failure {number}").into()))
    }));
    let error = client_at(library.config(), &TestClock::new())
        .read_all_files(options)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "a callback failed: failure 1");
    assert_eq!(*seen.lock().unwrap(), 4);
}

#[tokio::test]
async fn a_list_that_cannot_be_had_while_files_come_in_is_asked_for_again() {
    let library = Library::open().await;
    library.put("a", seal(CONTRACT_KEY, b"content"), None);
    library.lists(vec![
        list_of("running", &[("a", 1)]),
        json!(404),
        list_of("completed", &[("a", 1)]),
    ]);
    library.gate.forget_permits(usize::MAX);
    let gate = Arc::clone(&library.gate);
    let read = Arc::default();
    let mut options = noting(&read);
    options.on_status_change = Some(Callback::new(move |state: String| {
        if state == "completed" {
            gate.add_permits(1);
        }
        std::future::ready(Ok(()))
    }));
    client_at(library.config(), &TestClock::new())
        .read_all_files(options)
        .await
        .unwrap();
    assert_eq!(*read.lock().unwrap(), ["a"]);
}

#[tokio::test]
async fn a_session_in_which_nothing_changes_any_more_ends_with_a_time_out_after_a_hundred_polls() {
    let library = Library::open().await;
    library.lists(vec![list_of("running", &[])]);
    let clock = TestClock::new();
    let mut options = read_all_files();
    options.polling_interval = Some(3000);
    let error = client_at(library.config(), &clock)
        .read_all_files(options)
        .await
        .unwrap_err();
    let ErrorKind::Timeout { phase, after, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!((*phase, *after), ("stale", Duration::from_mins(5)));
    assert_eq!(library.shelf.lock().unwrap().polls, 100);
}

#[tokio::test]
async fn pending_polls_and_the_whole_time_are_limited_where_the_application_says_so() {
    let pending = PollingLimits {
        pending: Some(20),
        ..PollingLimits::default()
    };
    let total = PollingLimits {
        total: Some(60_000),
        ..PollingLimits::default()
    };
    for (limits, expected) in [(pending, "pending"), (total, "total")] {
        let library = Library::open().await;
        library.lists(vec![list_of("pending", &[])]);
        let mut options = read_all_files();
        options.polling_limits = Some(limits);
        let error = client_at(library.config(), &TestClock::new())
            .read_all_files(options)
            .await
            .unwrap_err();
        let ErrorKind::Timeout { phase, after, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*phase, *after), (expected, Duration::from_mins(1)));
    }
}

#[tokio::test]
async fn a_session_is_taken_for_pending_before_it_is_known_and_only_a_change_of_that_is_told() {
    let library = Library::open().await;
    library.lists(vec![
        list_of("pending", &[]),
        list_of("pending", &[]),
        list_of("completed", &[]),
    ]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&told);
    let mut options = read_all_files();
    options.on_status_change = Some(Callback::new(move |state: String| {
        ear.lock().unwrap().push(state);
        async { Ok(()) }
    }));
    let client = client_at(library.config(), &TestClock::new());
    let read = client.read_all_files(options).await.unwrap();
    assert_eq!(read.status.state, "completed");
    assert_eq!(*told.lock().unwrap(), ["completed"]);
}

#[tokio::test]
async fn progress_counts_files_and_bytes() {
    let library = Library::open().await;
    fill(&library, &["one".to_owned(), "three".to_owned()]);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    let mut options = read_all_files();
    options.on_progress = Some(Callback::new(move |progress| {
        ear.lock().unwrap().push(progress);
        std::future::ready(Ok(()))
    }));
    client_at(library.config(), &TestClock::new())
        .read_all_files(options)
        .await
        .unwrap();
    let last = *heard.lock().unwrap().last().unwrap();
    assert_eq!((last.files_done, last.files_known, last.bytes), (2, 2, 8));
}

#[tokio::test]
async fn what_the_callback_for_failed_files_throws_loses_no_other_file() {
    let library = Library::open().await;
    library.put("there", seal(CONTRACT_KEY, b"content"), None);
    library.lists(vec![list_of("completed", &[("missing", 1), ("there", 1)])]);
    let read = Arc::default();
    let mut options = noting(&read);
    options.on_file_error = Some(Callback::new(|_: FileError| {
        std::future::ready(Err("the log is full".into()))
    }));
    let error = client_at(library.config(), &TestClock::new())
        .read_all_files(options)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "a callback failed: the log is full");
    assert_eq!(*read.lock().unwrap(), ["there"]);
}

#[tokio::test]
async fn a_file_is_read_again_when_it_is_listed_with_a_later_change() {
    let library = Library::open().await;
    library.put("a", seal(CONTRACT_KEY, b"one"), None);
    library.lists(vec![list_of("running", &[("a", 1)])]);
    let shelf = Arc::clone(&library.shelf);
    let read: Arc<Mutex<Vec<String>>> = Arc::default();
    let contents = Arc::clone(&read);
    let mut options = read_all_files();
    options.on_file_data = Some(Callback::new(move |file: FileData| {
        contents
            .lock()
            .unwrap()
            .push(String::from_utf8(file.file_data.0.to_vec()).unwrap());
        // Once the first is read, the file changes and the session ends.
        let mut shelf = shelf.lock().unwrap();
        shelf.files.insert(
            "a".to_owned(),
            (vec![Ok(seal(CONTRACT_KEY, b"two").into())], None),
        );
        shelf.lists = vec![list_of("completed", &[("a", 2)])];
        std::future::ready(Ok(()))
    }));
    options.polling_interval = Some(5);
    options.polling_limits = Some(PollingLimits {
        stale: Some(u32::MAX),
        ..PollingLimits::default()
    });
    Client::new(library.config())
        .unwrap()
        .read_all_files(options)
        .await
        .unwrap();
    assert_eq!(*read.lock().unwrap(), ["one", "two"]);
}
