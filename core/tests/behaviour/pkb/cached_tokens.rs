//! Tokens that were read from the store a moment ago, where a client may use them without reading them again.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use digime_sdk::connections::{LinkStatus, MemoryStore};
use digime_sdk::pkb::{
    Client, Config, Failure, GetAccessTokenOptions, HttpMethod, ImportLinksOptions, ImportedLink,
    LinkTokens, RequestOptions, Store, UnlinkOptions,
};
use digime_sdk::world::Clock;
use digime_sdk::{Error, NonEmptyString, Secret, World};
use futures_util::future::{BoxFuture, ready};
use serde_json::json;

use super::linked::{read, status, token};
use super::sandbox::{BOBBY, Pkb, at, file, shared};
use super::wrapped_store::{Happening, WrappedStore};
use crate::clock::TestClock;

pub const SELF: &str = "/json/users/self";
/// For how long tokens serve, in milliseconds, where they are not read with each call.
pub const LASTS: u64 = 30_000;
const A_SECOND: Duration = Duration::from_secs(1);

/// A store that counts how often the link of a user was read; the first time, something happens meanwhile.
#[derive(Default)]
pub struct Counted {
    reads: AtomicU64,
    pub meanwhile: Mutex<Option<BoxFuture<'static, ()>>>,
}

impl Happening for Counted {
    fn read(&self) -> BoxFuture<'_, ()> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let meanwhile = self.meanwhile.lock().unwrap().take();
        meanwhile.unwrap_or_else(|| Box::pin(ready(())))
    }
}

pub type CountedStore = Arc<WrappedStore<Counted>>;

pub fn counted(records: &Arc<MemoryStore>) -> CountedStore {
    WrappedStore::new(records, Counted::default())
}

/// How often the link of a user has been read since this was asked last.
pub fn reads(store: &CountedStore) -> u64 {
    store.happening.reads.swap(0, Ordering::SeqCst)
}

pub fn config(pkb: &Pkb, store: &CountedStore, lasts: u64) -> Config {
    let mut config = pkb.config(Store::Own(Arc::clone(store) as Arc<_>));
    config.cache_tokens_for = Some(lasts);
    config
}

/// Somebody linked, another client of theirs, and one that may use for so long what it has read.
pub struct Linked {
    pub pkb: Pkb,
    clock: Arc<TestClock>,
    other: Client,
    pub client: Client,
    pub store: CountedStore,
}

impl Linked {
    pub async fn for_so_long(lasts: u64) -> Self {
        let pkb = Pkb::start().await;
        let clock = TestClock::new();
        let (shared, records) = shared();
        let other = at(pkb.config(shared), &clock);
        pkb.link(&other, "user-1", BOBBY).await;
        let store = counted(&records);
        let client = at(config(&pkb, &store, lasts), &clock);
        Self {
            pkb,
            clock,
            other,
            client,
            store,
        }
    }

    pub async fn token(&self) -> String {
        token(&self.client).await.unwrap()
    }

    pub async fn others_token(&self) -> String {
        token(&self.other).await.unwrap()
    }

    pub async fn other_refreshes(&self) {
        self.pkb.expire_access_tokens().await;
        read(&self.pkb, &self.other).await.unwrap();
    }
}

fn user(number: u32) -> NonEmptyString {
    format!("user-{number}").parse().unwrap()
}

async fn unlink(client: &Client, user: NonEmptyString) {
    let options = UnlinkOptions::builder().app_user_id(user);
    client.unlink(options.build()).await.unwrap();
}

pub async fn ask(client: &Client, method: HttpMethod) -> Result<(), Error> {
    let options = RequestOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .path(SELF.parse().unwrap())
        .method(method);
    client.request(options.build()).await.map(drop)
}

fn is_not_linked(error: &Error) -> bool {
    matches!(Failure::of(error), Some(Failure::NotLinked))
}

#[tokio::test]
async fn tokens_are_read_with_each_call_where_a_client_may_not_use_what_it_has_read() {
    let linked = Linked::for_so_long(0).await;
    for _ in 0..3 {
        linked.token().await;
        assert_eq!(reads(&linked.store), 1);
    }
    unlink(&linked.other, user(1)).await;
    assert!(is_not_linked(&token(&linked.client).await.unwrap_err()));
}

#[tokio::test]
async fn tokens_serve_without_being_read_again_for_as_long_as_is_said() {
    let linked = Linked::for_so_long(LASTS).await;
    let first = linked.token().await;
    linked.clock.advance(Duration::from_secs(29));
    assert_eq!(linked.token().await, first);
    read(&linked.pkb, &linked.client).await.unwrap();
    assert_eq!(reads(&linked.store), 1);
    linked.clock.advance(A_SECOND);
    assert_eq!(linked.token().await, first);
    assert_eq!(linked.token().await, first);
    assert_eq!(reads(&linked.store), 1);
}

#[tokio::test]
async fn a_link_that_another_process_removes_is_used_for_no_longer_than_that() {
    let linked = Linked::for_so_long(LASTS).await;
    let first = linked.token().await;
    unlink(&linked.other, user(1)).await;
    assert_eq!(linked.token().await, first);
    linked.clock.advance(Duration::from_secs(30));
    assert!(is_not_linked(&token(&linked.client).await.unwrap_err()));
}

/// A wall clock that is set back, beside a steady one that goes on.
struct SetBack {
    wall: SystemTime,
    steady: Arc<TestClock>,
}

impl Clock for SetBack {
    fn now(&self) -> SystemTime {
        self.wall
    }

    fn steady(&self) -> Duration {
        self.steady.steady()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.steady.sleep(duration)
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.steady.alarm(duration)
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_them_serve_no_longer() {
    let linked = Linked::for_so_long(LASTS).await;
    let clock = SetBack {
        wall: linked.clock.now(),
        steady: Arc::clone(&linked.clock),
    };
    let world = World {
        clock: Arc::new(clock),
        ..World::real().unwrap()
    };
    let config = config(&linked.pkb, &linked.store, LASTS);
    let client = Client::in_world(config, world).unwrap();
    token(&client).await.unwrap();
    linked.clock.advance(Duration::from_secs(30));
    token(&client).await.unwrap();
    assert_eq!(reads(&linked.store), 2);
}

#[tokio::test]
async fn a_client_sees_at_once_what_it_changes_itself() {
    let linked = Linked::for_so_long(LASTS).await;
    let first = linked.token().await;
    unlink(&linked.client, user(1)).await;
    assert!(is_not_linked(&token(&linked.client).await.unwrap_err()));
    linked.pkb.link(&linked.client, "user-1", BOBBY).await;
    let second = linked.token().await;
    assert_ne!(second, first);
    linked.pkb.link(&linked.client, "user-1", BOBBY).await;
    let third = linked.token().await;
    assert_ne!(third, second);
    linked.pkb.expire_access_tokens().await;
    read(&linked.pkb, &linked.client).await.unwrap();
    assert_ne!(linked.token().await, third);
}

#[tokio::test]
async fn what_is_read_while_the_client_changes_it_is_not_used_again() {
    let linked = Linked::for_so_long(LASTS).await;
    let client = linked.client.clone();
    let meanwhile = Box::pin(async move { unlink(&client, user(1)).await });
    *linked.store.happening.meanwhile.lock().unwrap() = Some(meanwhile);
    // It was linked when it was read.
    linked.token().await;
    assert!(is_not_linked(&token(&linked.client).await.unwrap_err()));
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_replaced_all_the_same() {
    let linked = Linked::for_so_long(3_600_000).await;
    let first = linked.token().await;
    linked.clock.advance(Duration::from_secs(570));
    let second = linked.token().await;
    assert_ne!(second, first);
    assert_eq!(linked.pkb.tally("refreshes").await, 1);
    assert_eq!(linked.others_token().await, second);
}

#[tokio::test]
async fn the_tokens_of_a_link_in_doubt_are_read_with_each_call() {
    let linked = Linked::for_so_long(LASTS).await;
    let first = linked.token().await;
    linked.clock.advance(Duration::from_secs(570));
    let route = "POST /apiToken.action";
    linked.pkb.fault(route, json!("lose-answer"), 1).await;
    assert_eq!(linked.token().await, first);
    assert_eq!(status(&linked.client).await, LinkStatus::Uncertain);
    reads(&linked.store);
    for _ in 0..3 {
        assert_eq!(linked.token().await, first);
    }
    assert_eq!(reads(&linked.store), 3);
}

/// Links of so many users, as they were kept elsewhere, with access tokens that serve until then.
fn many(links: u32, expires_at: i64) -> ImportLinksOptions {
    let text = |kind: &str, number| {
        let text: NonEmptyString = format!("{kind}-{number}").parse().unwrap();
        Secret::from(text)
    };
    let links = (0..links).map(|number| ImportedLink {
        app_user_id: user(number),
        public_id: format!("public-{number}").parse().unwrap(),
        tokens: LinkTokens {
            access_token: text("access", number),
            refresh_token: Some(text("refresh", number)),
            expires_at,
            scope: None,
        },
    });
    let links = links.collect::<Vec<_>>();
    ImportLinksOptions::builder().links(links).build()
}

/// How many of these users the client still has a token of.
async fn served(client: &Client, users: Range<u32>) -> usize {
    let mut served = 0;
    for number in users {
        let options = GetAccessTokenOptions::builder()
            .app_user_id(user(number))
            .build();
        match client.get_access_token(options).await {
            Ok(given) => {
                assert_eq!(*given.access_token.expose(), format!("access-{number}"));
                served += 1;
            }
            Err(error) => assert!(is_not_linked(&error), "{error}"),
        }
    }
    served
}

#[tokio::test]
async fn a_token_whose_time_is_over_does_not_serve_where_a_clock_that_is_ahead_wrote_its_record() {
    let pkb = Pkb::start().await;
    let (clock, records) = (TestClock::new(), Arc::default());
    let ahead = TestClock::at(clock.now() + Duration::from_hours(1));
    let store = counted(&records);
    let other = at(pkb.config(Store::Own(records.clone())), &ahead);
    let until = clock.now() + Duration::from_mins(10);
    let until = until.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let imported = many(2, i64::try_from(until.as_millis()).unwrap());
    other.import_links(imported).await.unwrap();
    let client = at(config(&pkb, &store, 3_600_000), &clock);
    assert_eq!(token(&client).await.unwrap(), "access-1");
    clock.advance(Duration::from_mins(10));
    // The refresh token is made up.
    let error = token(&client).await.unwrap_err();
    let failure = Failure::of(&error);
    assert!(
        matches!(failure, Some(Failure::LinkExpired { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn of_no_more_than_ten_thousand_users_are_tokens_kept_the_last_of_them() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = pkb.config(Store::Sqlite(file(&folder)));
    let other = Client::new(config.clone()).unwrap();
    other
        .import_links(many(10_500, 4_102_444_800_000))
        .await
        .unwrap();
    config.cache_tokens_for = Some(3_600_000);
    let client = Client::new(config).unwrap();
    assert_eq!(served(&client, 0..10_500).await, 10_500);
    for number in (0..100).chain(10_400..10_500) {
        unlink(&other, user(number)).await;
    }
    assert_eq!(served(&client, 10_400..10_500).await, 100);
    assert!(served(&client, 0..100).await < 50);
}
