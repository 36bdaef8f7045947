//! What many calls leave behind, with those that are aborted, fail and time out among them: nothing that adds up.

use std::ffi::OsString;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use digime_sdk::digime::TimeoutOptions;
use digime_sdk::pkb::{
    Client, CloseOptions, FhirSearchOptions, GetAccessTokenOptions, GetCurrentUserOptions, Store,
};
use digime_sdk::world::Tasks;
use digime_sdk::{NonEmptyString, World};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::sandbox::{BOBBY, Pkb, file};

/// How many calls there are, unless `DIGIME_LEAK_CALLS` says more.
const CALLS: usize = 1_200;
const AT_ONCE: usize = 40;
/// Who warms up, and each of the halves that are compared.
const PARTS: usize = 3;
const ROUTE: &str = "GET /json/users/self";

/// What may come and go: pools of connections and of threads breathe.
const SOME_DESCRIPTORS: usize = 24;
const SOME_THREADS: usize = 8;
/// Allocators keep some for later. A kilobyte of each call would be more than that where many are made.
const SOME_KILOBYTES: usize = 12 * 1024;

/// The tasks of a world, which are counted.
struct Counted {
    tasks: Arc<dyn Tasks>,
    under_way: Arc<AtomicUsize>,
}

impl Tasks for Counted {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        let under_way = Arc::clone(&self.under_way);
        under_way.fetch_add(1, Ordering::SeqCst);
        self.tasks.spawn(
            work.map(move |()| {
                under_way.fetch_sub(1, Ordering::SeqCst);
            })
            .boxed(),
        );
    }

    fn block(&self, work: Box<dyn FnOnce() + Send>) {
        let under_way = Arc::clone(&self.under_way);
        under_way.fetch_add(1, Ordering::SeqCst);
        self.tasks.block(Box::new(move || {
            work();
            under_way.fetch_sub(1, Ordering::SeqCst);
        }));
    }
}

/// What a process holds.
#[derive(Debug)]
struct Held {
    tasks: usize,
    descriptors: usize,
    threads: usize,
    kilobytes: usize,
}

impl Held {
    fn now(under_way: &AtomicUsize) -> Self {
        let count = |folder: &str| {
            let entries = fs::read_dir(folder).unwrap();
            let names: Vec<OsString> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.len()
        };
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let resident = status.lines().find(|line| line.starts_with("VmRSS:"));
        let resident = resident.unwrap().split_whitespace().nth(1).unwrap();
        Self {
            tasks: under_way.load(Ordering::SeqCst),
            descriptors: count("/proc/self/fd"),
            threads: count("/proc/self/task"),
            kilobytes: resident.parse().unwrap(),
        }
    }
}

fn user() -> NonEmptyString {
    "user-1".parse().unwrap()
}

/// Makes a call, whose end nobody judges here.
async fn call(client: &Client, which: usize) {
    let current_user = GetCurrentUserOptions::builder().app_user_id(user()).build();
    match which % 8 {
        0 => {
            let options = GetAccessTokenOptions::builder().app_user_id(user()).build();
            drop(client.get_access_token(options).await);
        }
        1 => {
            // Gone before it has come to anything.
            drop(client.get_current_user(current_user).now_or_never());
        }
        2 => {
            let in_time = Duration::from_millis(which as u64 % 7);
            drop(timeout(in_time, client.get_current_user(current_user)).await);
        }
        3 => {
            let hurried = client.with_timeouts(&TimeoutOptions {
                call: Some(1),
                ..TimeoutOptions::default()
            });
            drop(hurried.get_current_user(current_user).await);
        }
        4 => {
            let options = FhirSearchOptions::builder()
                .app_user_id(user())
                .resource_type("Patient".parse().unwrap())
                .build();
            // Left after its first page.
            drop(client.search(options).unwrap().next().await);
        }
        _ => drop(client.get_current_user(current_user).await),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_calls_that_succeed_fail_and_are_left_leave_nothing_behind_that_adds_up() {
    let calls = std::env::var("DIGIME_LEAK_CALLS");
    let calls = calls.map_or(CALLS, |calls| calls.parse().unwrap());
    let (pkb, folder) = (Pkb::start().await, tempfile::tempdir().unwrap());
    let real = World::real().unwrap();
    let under_way = Arc::new(AtomicUsize::new(0));
    let tasks = Counted {
        tasks: Arc::clone(&real.tasks),
        under_way: Arc::clone(&under_way),
    };
    let world = World {
        tasks: Arc::new(tasks),
        ..real
    };
    let config = pkb.config(Store::Sqlite(file(&folder)));
    let client = Client::in_world(config.clone(), world.clone()).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    let mut held = Vec::new();
    for _ in 0..PARTS {
        for batch in 0..calls / PARTS / AT_ONCE {
            match batch % 5 {
                0 => pkb.expire_access_tokens().await,
                1 => pkb.fault(ROUTE, json!("reset"), 3).await,
                2 => pkb.fault(ROUTE, json!({ "status": 500 }), 3).await,
                3 => pkb.fault(ROUTE, json!({ "truncateAfter": 10 }), 3).await,
                _ => {
                    let other = Client::in_world(config.clone(), world.clone()).unwrap();
                    call(&other, 5).await;
                    let closed = other.close(CloseOptions::builder().build()).await;
                    assert!(closed.unwrap().finished);
                }
            }
            join_all((0..AT_ONCE).map(|which| call(&client, which + batch))).await;
        }
        // What goes on without its call ends by itself.
        let patience = timeout(Duration::from_secs(30), async {
            while under_way.load(Ordering::SeqCst) > 0 {
                sleep(Duration::from_millis(10)).await;
            }
        });
        patience.await.unwrap();
        held.push(Held::now(&under_way));
    }
    let [_, half, end] = held.try_into().unwrap();
    let story = format!("after half: {half:?}, after all: {end:?}");
    assert_eq!(end.tasks, 0, "{story}");
    assert!(
        end.descriptors <= half.descriptors + SOME_DESCRIPTORS,
        "{story}"
    );
    assert!(end.threads <= half.threads + SOME_THREADS, "{story}");
    assert!(end.kilobytes <= half.kilobytes + SOME_KILOBYTES, "{story}");
    println!("{calls} calls; {story}");
}
