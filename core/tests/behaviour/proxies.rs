//! Through which proxy requests go, as an application or its environment says, and what becomes of them where it refuses.

use std::ffi::OsStr;
use std::sync::{Arc, Mutex};

use digime_sdk::World;
use digime_sdk::digime::Client;
use digime_sdk::transport::{HttpTransport, Network, NetworkCause, Proxy, Sent};
use tokio::io::AsyncWriteExt;

use crate::again::{again, is_again};
use crate::network::{call, config, reported};
use crate::scripted::{TestClock, read_accounts};
use crate::wire::Server;

/// A proxy that answers by itself; the heads of what it was sent.
async fn proxy(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heads);
    let server = Server::start(move |_, mut socket| {
        let heads = Arc::clone(&kept);
        async move {
            let (head, _) = crate::wire::head(&mut socket).await;
            heads.lock().unwrap().push(head);
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let address = server.await.origin.replace("http://", "");
    (address, heads)
}

const NO: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
const WHO: &str = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn all_requests_go_through_the_proxy_that_the_application_names() {
    let (address, heads) = proxy("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]").await;
    let named = Some(Proxy::At(format!("http://me:secret@{address}").into()));
    for origin in ["http://platform.invalid", "http://127.0.0.1:1"] {
        let mut config = config(origin);
        config.proxy = named.clone();
        call(config).await.unwrap();
        let head = heads.lock().unwrap().pop().unwrap();
        assert!(head.starts_with(&format!("GET {origin}/")), "{head}");
        // me:secret
        assert!(
            head.contains("proxy-authorization: Basic bWU6c2VjcmV0"),
            "{head}"
        );
    }
}

#[tokio::test]
async fn what_a_proxy_refuses_is_told_as_its_refusal_and_was_not_sent() {
    for (origin, answer, cause) in [
        (
            "https://platform.invalid",
            NO,
            NetworkCause::ConnectionReset,
        ),
        ("https://platform.invalid", WHO, NetworkCause::Protocol),
        ("http://platform.invalid", WHO, NetworkCause::Protocol),
    ] {
        let (address, heads) = proxy(answer).await;
        let mut config = config(origin);
        config.proxy = Some(Proxy::At(format!("http://{address}").into()));
        let error = call(config).await.unwrap_err();
        assert_eq!(reported(&error), (cause, Sent::Nothing), "{error}");
        assert!(error.to_string().contains("the proxy"), "{error}");
        assert_eq!(heads.lock().unwrap().len(), 1);
    }
    // Nobody listens there.
    let mut config = config("http://platform.invalid");
    config.proxy = Some(Proxy::At("http://127.0.0.1:1".into()));
    let error = call(config).await.unwrap_err();
    assert_eq!(reported(&error).0, NetworkCause::ConnectionRefused);
    assert!(error.to_string().contains("the proxy"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_hangs_up_or_says_no_is_asked_again_for_what_may_be_repeated() {
    for answer in ["", NO, "HTTP/1.1 503 Service Unavailable\r\n\r\n"] {
        let (address, heads) = proxy(answer).await;
        let network = Network {
            proxy: Some(Proxy::At(format!("http://{address}").into())),
            ..Network::default()
        };
        let world = World {
            clock: TestClock::new(),
            transport: Arc::new(HttpTransport::over(network).unwrap()),
            ..World::real().unwrap()
        };
        let mut config = config("https://platform.invalid");
        config.retry_options = None;
        let client = Client::in_world(config, world).unwrap();
        let error = client.read_accounts(read_accounts()).await.unwrap_err();
        assert_eq!(reported(&error).1, Sent::Nothing);
        assert_eq!(heads.lock().unwrap().len(), 3, "{answer:?}");
    }
}

#[tokio::test]
async fn of_the_environment_a_proxy_is_heeded_but_for_this_machine_and_what_it_excepts() {
    const HEEDED: &str = "DIGIME_TEST_PLATFORM";
    if is_again() {
        // Straight to this machine, and to what is excepted by name and port: a name that nobody has.
        call(config(&std::env::var(HEEDED).unwrap())).await.unwrap();
        for excepted in ["http://a.excepted.invalid", "http://port.invalid:81"] {
            let error = call(config(excepted)).await.unwrap_err();
            assert_eq!(reported(&error).0, NetworkCause::NotFound, "{error}");
        }
        for through in ["http://platform.invalid", "http://port.invalid:82"] {
            call(config(through)).await.unwrap();
        }
        let mut off = config("http://platform.invalid");
        off.proxy = Some(Proxy::Off);
        let error = call(off).await.unwrap_err();
        assert_eq!(reported(&error).0, NetworkCause::NotFound, "{error}");
        return;
    }
    let (address, heads) = proxy("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]").await;
    let platform = Server::keeping().await;
    let name =
        "proxies::of_the_environment_a_proxy_is_heeded_but_for_this_machine_and_what_it_excepts";
    let proxy = format!("http://{address}");
    let variables = [
        ("HTTP_PROXY", &*proxy),
        ("NO_PROXY", "excepted.invalid, port.invalid:81"),
        (HEEDED, &*platform.origin),
    ];
    again(
        name,
        variables.map(|(name, value)| (name, OsStr::new(value))),
    )
    .await;
    assert_eq!(heads.lock().unwrap().len(), 2);
    assert_eq!(platform.connections(), 1);
}
