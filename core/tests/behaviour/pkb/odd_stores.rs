//! A store that does not do what it must: whose change never wins, who is given somebody else's record, whose list does not go on.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use digime_sdk::binding::{Dialect, Value};
use digime_sdk::connections::{AttemptRecord, LinkKey, LinkRecord, LinkStore};
use digime_sdk::pkb::{
    Client, FindLinksOptions, GetLinkOptions, Link, ListLinksOptions, RotateKeysOptions, Store,
    UnlinkOptions,
};
use digime_sdk::world::Clock;
use digime_sdk::{Callback, Error, ErrorKind};

use super::linked::{read, token};
use super::sandbox::{BOBBY, Pkb, at, complete};
use super::wrapped_store::{Change, Happening, Stored, WrappedStore};
use crate::clock::TestClock;

/// A store that does what none must: it refuses what it should take, and gives what nobody asked for.
#[derive(Default)]
struct Odd {
    /// Whether each change is refused, as if somebody else had been faster.
    refuses: AtomicBool,
    /// What happens to a link on its way.
    alters_link: Mutex<Option<fn(&mut LinkRecord)>>,
    /// What happens to an attempt on its way.
    alters_attempt: Mutex<Option<fn(&mut AttemptRecord)>>,
}

impl Happening for Odd {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        if self.refuses.load(Ordering::SeqCst) {
            return Box::pin(async { Ok(false) });
        }
        change()
    }

    fn link(&self, link: &mut LinkRecord) {
        if let Some(alter) = *self.alters_link.lock().unwrap() {
            alter(link);
        }
    }

    fn attempt(&self, attempt: &mut AttemptRecord) {
        if let Some(alter) = *self.alters_attempt.lock().unwrap() {
            alter(attempt);
        }
    }
}

type OddStore = WrappedStore<Odd>;

fn odd_store() -> Arc<OddStore> {
    WrappedStore::new(&Arc::default(), Odd::default())
}

fn client_of(pkb: &Pkb, store: &Arc<OddStore>, clock: &Arc<TestClock>) -> Client {
    at(pkb.config(Store::Own(Arc::clone(store) as Arc<_>)), clock)
}

fn operation(error: &Error) -> Option<&'static str> {
    match error.kind() {
        ErrorKind::Store { operation, .. } => Some(operation),
        _ => None,
    }
}

async fn unlink(client: &Client) -> Error {
    let options = UnlinkOptions::builder().app_user_id("user-1".parse().unwrap());
    client.unlink(options.build()).await.unwrap_err()
}

#[tokio::test]
async fn a_change_that_others_are_always_ahead_of_ends_and_waits_longer_each_time() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    let callback = pkb.callback(&client, "user-2", BOBBY).await;
    store.happening.refuses.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        let before = clock.slept().len();
        let error = unlink(&client).await;
        assert_eq!(operation(&error), Some("change"), "{error}");
        let pauses = clock.slept().split_off(before);
        assert!((10..100).contains(&pauses.len()), "{pauses:?}");
        // Each is noise between half and all of a bound that doubles at first.
        for (earlier, later) in pauses.iter().zip(&pauses[2..6]) {
            assert!(earlier < later, "{pauses:?}");
        }
    }
    let before = clock.slept().len();
    let error = client.complete_link(complete(&callback)).await.unwrap_err();
    assert_eq!(operation(&error), Some("change"), "{error}");
    assert!(clock.slept().len() - before < 100);
    // Once others are quiet again it is done.
    store.happening.refuses.store(false, Ordering::SeqCst);
    token(&client).await.unwrap();
}

#[tokio::test]
async fn a_record_that_was_not_asked_for_is_a_store_error() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    let link = pkb.link(&client, "user-1", BOBBY).await;
    let altered: [fn(&mut LinkRecord); 2] = [
        |link| link.platform.push('x'),
        |link| link.app_user_id.push('x'),
    ];
    for alter in altered {
        *store.happening.alters_link.lock().unwrap() = Some(alter);
        let options = GetLinkOptions::builder().app_user_id("user-1".parse().unwrap());
        let error = client.get_link(options.build()).await.unwrap_err();
        assert_eq!(operation(&error), Some("read"), "{error}");
        assert!(error.to_string().contains("not asked for"), "{error}");
        let error = token(&client).await.unwrap_err();
        assert_eq!(operation(&error), Some("read"), "{error}");
        let error = unlink(&client).await;
        assert_eq!(operation(&error), Some("read"), "{error}");
    }
    *store.happening.alters_link.lock().unwrap() = Some(|link| link.public_id.push('x'));
    let options = FindLinksOptions::builder().public_id(link.public_id.parse().unwrap());
    let error = client.find_links(options.build()).await.unwrap_err();
    assert_eq!(operation(&error), Some("read"), "{error}");
}

#[tokio::test]
async fn a_record_whose_version_cannot_grow_is_a_store_error() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    *store.happening.alters_link.lock().unwrap() = Some(|link| link.version = i64::MAX);
    let error = read(&pkb, &client).await.unwrap_err();
    assert_eq!(operation(&error), Some("read"), "{error}");
    assert_eq!(pkb.tally("refreshes").await, 0);
}

#[tokio::test]
async fn an_attempt_that_was_not_asked_for_is_a_store_error() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    let altered: [fn(&mut AttemptRecord); 2] = [
        |attempt| attempt.platform.push('x'),
        |attempt| attempt.id.push('x'),
    ];
    for alter in altered {
        *store.happening.alters_attempt.lock().unwrap() = Some(alter);
        let error = client.complete_link(complete(&callback)).await.unwrap_err();
        assert_eq!(operation(&error), Some("read"), "{error}");
    }
    assert_eq!(pkb.tally("exchanges").await, 0);
}

#[tokio::test]
async fn a_list_that_does_not_go_on_is_a_store_error_and_no_rotation_without_end() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    *store.happening.alters_link.lock().unwrap() = Some(|link| link.app_user_id.clear());
    let error = client
        .rotate_keys(RotateKeysOptions::default())
        .await
        .unwrap_err();
    assert_eq!(operation(&error), Some("read"), "{error}");
}

#[tokio::test]
async fn a_list_with_links_of_another_platform_or_of_the_user_it_comes_after_is_a_store_error() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    let altered: [fn(&mut LinkRecord); 2] = [
        |link| link.platform.push('x'),
        |link| link.app_user_id = "user-0".to_owned(),
    ];
    for alter in altered {
        *store.happening.alters_link.lock().unwrap() = Some(alter);
        let options = ListLinksOptions::builder()
            .after("user-0")
            .on_link(Callback::new(|link: Link| async move {
                panic!("{} was given", link.app_user_id)
            }));
        let error = client.list_links(options.build()).await.unwrap_err();
        assert_eq!(operation(&error), Some("read"), "{error}");
    }
}

#[tokio::test]
async fn a_link_that_is_made_anew_begins_with_another_version_than_the_one_that_was_removed() {
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let mut versions = Vec::new();
    for _ in 0..2 {
        pkb.link(&client, "user-1", BOBBY).await;
        let key = LinkKey {
            platform: &platform,
            app_user_id: "user-1",
        };
        let record = store.records.link(key).await.unwrap().unwrap();
        versions.push(record.version);
        let options = UnlinkOptions::builder().app_user_id("user-1".parse().unwrap());
        client.unlink(options.build()).await.unwrap();
    }
    assert!(versions.iter().all(|version| *version > 0), "{versions:?}");
    assert!(versions[0].abs_diff(versions[1]) > 1, "{versions:?}");
}

#[tokio::test]
async fn the_method_of_a_store_that_does_wrong_is_named_as_its_language_spells_it_with_what_to_do()
{
    let pkb = Pkb::start().await;
    let (store, clock) = (odd_store(), TestClock::new());
    let client = client_of(&pkb, &store, &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    let message = |error: &Error, dialect| match error.to_value(dialect).get("message") {
        Some(Value::String(message)) => message.clone(),
        _ => panic!("no message"),
    };
    *store.happening.alters_link.lock().unwrap() = Some(|link| link.app_user_id.clear());
    let list = client.rotate_keys(RotateKeysOptions::default()).await;
    let list = list.unwrap_err();
    *store.happening.alters_link.lock().unwrap() = Some(|link| link.platform.push('x'));
    let key = token(&client).await.unwrap_err();
    *store.happening.alters_link.lock().unwrap() = None;
    store.happening.refuses.store(true, Ordering::SeqCst);
    let version = unlink(&client).await;
    for (error, javascript, python, what_to_do) in [
        (list, "listLinks", "list_links", "must give those"),
        (key, "getLink", "get_link", "see how the store compares"),
        (version, "putLink", "put_link", "try again when"),
    ] {
        for (dialect, method) in [(Dialect::JavaScript, javascript), (Dialect::Python, python)] {
            let message = message(&error, dialect);
            assert!(
                message.starts_with("the store failed to ")
                    && message.contains(method)
                    && message.contains(what_to_do),
                "{message}"
            );
        }
    }
}

/// A store that has taken enough: when it was asked to take more.
struct Refusing {
    clock: Arc<TestClock>,
    takes: AtomicU32,
    asked: Mutex<Vec<SystemTime>>,
}

impl Happening for Refusing {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        let one_less = |left: u32| left.checked_sub(1);
        let taken = self
            .takes
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        if taken.is_ok() {
            return change();
        }
        self.asked.lock().unwrap().push(self.clock.now());
        Box::pin(async { Ok(false) })
    }
}

#[tokio::test]
async fn a_store_that_refuses_a_new_pair_for_a_day_is_asked_less_and_less() {
    const HOUR: Duration = Duration::from_hours(1);
    let pkb = Pkb::start().await;
    let clock = TestClock::new();
    let refusing = Refusing {
        clock: Arc::clone(&clock),
        takes: AtomicU32::new(u32::MAX),
        asked: Mutex::default(),
    };
    let store = WrappedStore::new(&Arc::default(), refusing);
    let client = at(pkb.config(Store::Own(Arc::clone(&store) as Arc<_>)), &clock);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    // The lease.
    store.happening.takes.store(1, Ordering::SeqCst);
    let begun = clock.now();
    read(&pkb, &client).await.unwrap_err();
    while clock.now() < begun + 26 * HOUR {
        tokio::task::yield_now().await;
        // Where nothing goes on any more, time has to be moved on.
        if clock.now() > begun + 24 * HOUR {
            clock.advance(Duration::from_mins(1));
        }
    }
    let asked = store.happening.asked.lock().unwrap().clone();
    let since = |asked: &SystemTime| asked.duration_since(begun).unwrap();
    let later = asked.iter().filter(|asked| since(asked) > HOUR).count();
    // Less often than once in five seconds, and still all the time.
    assert!(later < 23 * 3600 / 5, "{later}");
    assert!(later > 23 * 6, "{later}");
    assert!(since(asked.last().unwrap()) < 25 * HOUR);
}
