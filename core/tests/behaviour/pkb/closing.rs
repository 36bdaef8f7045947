//! The end of a client: what goes on without its calls is waited for, nothing begins any more, and what was open is let go.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use digime_sdk::connections::{LinkStatus, MemoryStore};
use digime_sdk::pkb::{
    Client, CloseOptions, FhirSearchOptions, GetLinkUrlOptions, Store, TokensChanged,
};
use digime_sdk::{Callback, Error, ErrorKind, digime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::linked::{read, status};
use super::sandbox::{BOBBY, Pkb, at, file, link_url};
use super::wrapped_store::{Happening, WrappedStore};
use crate::clock::TestClock;
use crate::scripted::read_accounts;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

fn within(milliseconds: u64) -> CloseOptions {
    CloseOptions::builder().timeout(milliseconds).build()
}

/// A function that is told of new tokens and waits until it may go on, and how often it has.
pub struct Hook {
    pub callback: Callback<TokensChanged>,
    pub entered: Arc<Semaphore>,
    pub may_go_on: Arc<Semaphore>,
    done: Arc<AtomicU32>,
}

impl Hook {
    pub fn new() -> Self {
        let (entered, may_go_on) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let done = Arc::new(AtomicU32::new(0));
        let of_hook = (
            Arc::clone(&entered),
            Arc::clone(&may_go_on),
            Arc::clone(&done),
        );
        let callback = Callback::new(move |_: TokensChanged| {
            let (entered, may_go_on, done) = of_hook.clone();
            async move {
                entered.add_permits(1);
                may_go_on.acquire().await?.forget();
                done.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        });
        Self {
            callback,
            entered,
            may_go_on,
            done,
        }
    }
}

/// A call that has gone while a function is told of the tokens that its refresh has brought.
async fn refreshing(pkb: &Arc<Pkb>, client: &Client, hook: &Hook) {
    pkb.link(client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let call = {
        let (pkb, client) = (Arc::clone(pkb), client.clone());
        tokio::spawn(async move { read(&pkb, &client).await })
    };
    hook.entered.acquire().await.unwrap().forget();
    call.abort();
}

fn is_closed(error: &Error) -> bool {
    assert_eq!(error.code(), "ERR_CLIENT_CLOSED", "{error}");
    matches!(error.kind(), ErrorKind::ClientClosed)
}

#[tokio::test]
async fn closing_waits_until_functions_have_been_told_of_what_outlived_its_call() {
    let pkb = Arc::new(Pkb::start().await);
    let hook = Hook::new();
    let mut config = pkb.config(Store::Memory);
    config.on_tokens_changed = Some(hook.callback.clone());
    let client = Client::new(config).unwrap();
    refreshing(&pkb, &client, &hook).await;
    let closing = {
        let client = client.clone();
        tokio::spawn(async move { client.close(CloseOptions::default()).await })
    };
    // Calls are refused at once, while the end is waited for.
    let error = loop {
        match client.get_link_url(link_url("user-2")).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert!(is_closed(&error));
    assert!(!closing.is_finished());
    assert_eq!(hook.done.load(Ordering::SeqCst), 0);
    hook.may_go_on.add_permits(1);
    let closed = timeout(PATIENCE, closing).await.unwrap().unwrap().unwrap();
    assert!(closed.finished);
    assert_eq!(hook.done.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn closing_waits_for_calls_under_way() {
    let pkb = Arc::new(Pkb::start().await);
    let hook = Hook::new();
    let mut config = pkb.config(Store::Memory);
    config.on_tokens_changed = Some(hook.callback.clone());
    let client = Client::new(config).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let call = {
        let (pkb, client) = (Arc::clone(&pkb), client.clone());
        tokio::spawn(async move { read(&pkb, &client).await })
    };
    hook.entered.acquire().await.unwrap().forget();
    let closing = {
        let client = client.clone();
        tokio::spawn(async move { client.close(CloseOptions::default()).await })
    };
    hook.may_go_on.add_permits(1);
    let closed = timeout(PATIENCE, closing).await.unwrap().unwrap().unwrap();
    assert!(closed.finished);
    // It was made before the end, so it reads what it was to read.
    call.await.unwrap().unwrap();
}

#[tokio::test]
async fn closing_waits_no_longer_than_it_is_told() {
    let pkb = Arc::new(Pkb::start().await);
    let hook = Hook::new();
    let clock = TestClock::new();
    let mut config = pkb.config(Store::Memory);
    config.on_tokens_changed = Some(hook.callback.clone());
    let client = at(config, &clock);
    refreshing(&pkb, &client, &hook).await;
    for (options, almost) in [
        (within(5000), Duration::from_millis(4999)),
        (CloseOptions::default(), Duration::from_millis(29_999)),
    ] {
        let closing = {
            let client = client.clone();
            tokio::spawn(async move { client.close(options).await })
        };
        tokio::task::yield_now().await;
        clock.advance(almost);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!closing.is_finished());
        clock.advance(Duration::from_millis(1));
        let closed = timeout(PATIENCE, closing).await.unwrap().unwrap().unwrap();
        assert!(!closed.finished);
    }
    // What is left goes on, and its end can be waited for.
    hook.may_go_on.add_permits(1);
    assert!(
        client
            .close(CloseOptions::default())
            .await
            .unwrap()
            .finished
    );
    assert_eq!(hook.done.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn every_call_of_a_closed_client_is_refused_and_nothing_is_sent() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let search = FhirSearchOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .resource_type("Questionnaire".parse().unwrap());
    let mut pages = client.search(search.build()).unwrap();
    client.close(CloseOptions::default()).await.unwrap();
    let calls = pkb.tally("calls").await;
    assert!(is_closed(&read(&pkb, &client).await.unwrap_err()));
    let options = GetLinkUrlOptions::builder().app_user_id("user-2".parse().unwrap());
    let refused = client.get_link_url(options.build()).await;
    assert!(is_closed(&refused.unwrap_err()));
    assert!(is_closed(&pages.next().await.unwrap_err()));
    // Clones are the same client.
    let clone = client
        .clone()
        .with_timeouts(&digime::TimeoutOptions::default());
    assert!(is_closed(&read(&pkb, &clone).await.unwrap_err()));
    assert_eq!(pkb.tally("calls").await, calls);
}

/// A store that tells when it is let go.
struct Told(std::sync::Mutex<Option<oneshot::Sender<()>>>);

impl Happening for Told {
    fn close(&self) {
        if let Some(told) = self.0.lock().unwrap().take() {
            told.send(()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_store_is_let_go_when_all_is_done() {
    let pkb = Pkb::start().await;
    let (told, closed) = oneshot::channel();
    let records = Arc::new(MemoryStore::default());
    let store = WrappedStore::new(&records, Told(std::sync::Mutex::new(Some(told))));
    let client = Client::new(pkb.config(Store::Own(store))).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    client.close(CloseOptions::default()).await.unwrap();
    timeout(PATIENCE, closed).await.unwrap().unwrap();
}

#[tokio::test]
async fn another_client_goes_on_with_the_file_of_one_that_is_closed() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let open = || Client::new(pkb.config(Store::Sqlite(file(&folder)))).unwrap();
    let client = open();
    pkb.link(&client, "user-1", BOBBY).await;
    client.close(CloseOptions::default()).await.unwrap();
    assert_eq!(status(&open()).await, LinkStatus::Active);
}

#[tokio::test]
async fn connections_that_nothing_uses_are_let_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 64 * 1024];
        let length = connection.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].ends_with(b"\r\n\r\n"));
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
        connection.write_all(answer).await.unwrap();
        connection.read(&mut buffer).await.unwrap()
    });
    let mut config = digime::Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("http://{address}/"));
    let client = digime::Client::new(config).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    assert!(
        client
            .close(CloseOptions::default())
            .await
            .unwrap()
            .finished
    );
    // Its end.
    assert_eq!(timeout(PATIENCE, server).await.unwrap().unwrap(), 0);
    assert!(is_closed(
        &client.read_accounts(read_accounts()).await.unwrap_err()
    ));
}
