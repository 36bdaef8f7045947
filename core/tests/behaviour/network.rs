//! The way to a server, as an application or its environment says: whom it believes, who it is, and through which proxy it goes.

use std::ffi::OsStr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::digime::{Client, Config, RetryOptions};
use digime_sdk::transport::{ClientCertificate, HttpTransport, Network, NetworkCause, Proxy, Sent};
use digime_sdk::{Error, ErrorKind, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::again::{again, is_again};
use crate::bodies::push;
use crate::certificates::Certificate;
use crate::scripted::{TestClock, read_accounts};
use crate::wire::Server;

const EMPTY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";

fn config(origin: &str) -> Config {
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("{origin}/"));
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    config
}

async fn call(config: Config) -> Result<(), Error> {
    let client = Client::new(config)?;
    client.read_accounts(read_accounts()).await.map(drop)
}

/// What the network reported, and whether anything was sent.
fn reported(error: &Error) -> (NetworkCause, Sent) {
    match error.kind() {
        ErrorKind::Transport { cause, sent, .. } => (*cause, *sent),
        _ => panic!("{error}"),
    }
}

/// A server that speaks TLS, and answers each request with an empty list.
async fn secret(acceptor: TlsAcceptor) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Some clients do not believe it, and some it does not.
                let Ok(mut socket) = acceptor.accept(socket).await else {
                    return;
                };
                let mut request = vec![0; 16 * 1024];
                if socket.read(&mut request).await.is_ok_and(|read| read > 0) {
                    socket.write_all(EMPTY).await.unwrap();
                    socket.shutdown().await.unwrap();
                }
            });
        }
    });
    origin
}

#[tokio::test]
async fn a_server_is_believed_for_whom_the_authority_vouches_that_the_application_names() {
    let own = Certificate::new();
    let origin = secret(own.acceptor("http/1.1", None)).await;
    let mut config = config(&origin);
    for (ca, is_believed) in [
        (None, false),
        (Some(Certificate::new()), false),
        (Some(own), true),
    ] {
        config.ca = ca.map(|ca| ca.pem().parse().unwrap());
        match call(config.clone()).await {
            Ok(()) => assert!(is_believed),
            Err(error) => {
                assert!(!is_believed, "{error}");
                let expected = (NetworkCause::CertificateUntrusted, Sent::Nothing);
                assert_eq!(reported(&error), expected);
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_gets_that_of_the_application() {
    let (server, own) = (Certificate::new(), Certificate::new());
    let origin = secret(server.acceptor("http/1.1", Some(&own))).await;
    let mut config = config(&origin);
    config.ca = Some(server.pem().parse().unwrap());
    call(config.clone()).await.unwrap_err();
    config.client_certificate = Some(ClientCertificate {
        cert: own.pem().parse().unwrap(),
        key: own.key_pem().parse().unwrap(),
    });
    call(config).await.unwrap();
}

#[tokio::test]
async fn what_is_no_certificate_or_proxy_is_refused_before_anything_is_sent() {
    let (one, other) = (Certificate::new(), Certificate::new());
    let client = |cert: &str, key: &str| {
        Some(ClientCertificate {
            cert: cert.parse().unwrap(),
            key: key.parse().unwrap(),
        })
    };
    let good = || config("http://127.0.0.1:1");
    for (expected, odd) in [
        (
            "config.ca",
            Config {
                ca: Some("/etc/ssl/cert.pem".parse().unwrap()),
                ..good()
            },
        ),
        (
            "config.clientCertificate.cert",
            Config {
                client_certificate: client("x", &one.key_pem()),
                ..good()
            },
        ),
        (
            "config.clientCertificate.key",
            Config {
                client_certificate: client(&one.pem(), "hunter2"),
                ..good()
            },
        ),
        (
            "config.clientCertificate",
            Config {
                client_certificate: client(&one.pem(), &other.key_pem()),
                ..good()
            },
        ),
        (
            "config.proxy",
            Config {
                proxy: Some(Proxy::At("socks5://me:hunter2@localhost".into())),
                ..good()
            },
        ),
    ] {
        let error = call(odd).await.unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(path.to_string(), expected);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn certificates_and_proxies_are_refused_beside_a_transport_of_the_applications_own() {
    let mut config = config("http://127.0.0.1:1");
    config.proxy = Some(Proxy::Off);
    let error = Client::in_world(config, World::real().unwrap()).unwrap_err();
    assert!(error.to_string().contains("config.proxy"), "{error}");
}

#[tokio::test]
async fn a_file_of_certificates_that_cannot_be_used_is_an_error() {
    if is_again() {
        let error = call(config("http://127.0.0.1:1")).await.unwrap_err();
        assert!(
            error.to_string().contains("SSL_CERT_FILE"),
            "{error} {error:?}"
        );
        return;
    }
    let name = "network::a_file_of_certificates_that_cannot_be_used_is_an_error";
    let empty = tempfile::NamedTempFile::new().unwrap();
    for path in [OsStr::new("/nowhere.pem"), empty.path().as_os_str()] {
        again(name, [("SSL_CERT_FILE", path)]).await;
    }
}

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
        "network::of_the_environment_a_proxy_is_heeded_but_for_this_machine_and_what_it_excepts";
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

/// Hands on what is sent over the first connection until it falls silent, and over all others for good.
async fn falls_silent(to: String) -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let silent = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&silent);
    tokio::spawn(async move {
        for number in 0.. {
            let (near, _) = listener.accept().await.unwrap();
            let far = TcpStream::connect(&to).await.unwrap();
            let (near, far) = (near.into_split(), far.into_split());
            for (mut from, mut to) in [(near.0, far.1), (far.0, near.1)] {
                let silent = Arc::clone(&told);
                tokio::spawn(async move {
                    let mut bytes = vec![0; 16 * 1024];
                    while let Ok(read) = from.read(&mut bytes).await {
                        if read == 0 {
                            break;
                        }
                        if number > 0 || !silent.load(Ordering::SeqCst) {
                            to.write_all(&bytes[..read]).await.unwrap();
                        }
                    }
                });
            }
        }
    });
    (origin, silent)
}

/// A server of HTTP/2 that answers what is asked with an empty list, and refuses at once what is sent to it; how many connections it had.
async fn multiplexing(own: &Certificate) -> (String, Arc<AtomicUsize>) {
    let acceptor = own.acceptor("h2", None);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let socket = acceptor.accept(socket).await.unwrap();
                let mut connection = h2::server::handshake(socket).await.unwrap();
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    let mut head = http::Response::new(());
                    if request.method() == http::Method::POST {
                        *head.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
                    }
                    let mut body = respond.send_response(head, false).unwrap();
                    body.send_data(Bytes::from_static(b"[]"), true).unwrap();
                }
            });
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_connection_of_http_2_over_which_a_body_broke_off_is_used_no_more() {
    let own = Certificate::new();
    let (address, connections) = multiplexing(&own).await;
    let mut config = config(&format!("https://{address}"));
    config.ca = Some(own.pem().parse().unwrap());
    let client = Client::new(config).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    let large = Bytes::from(vec![7; 4 * 1024 * 1024]);
    let error = client.push_data(push(large.into())).await.unwrap_err();
    assert!(error.to_string().contains("413"), "{error}");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    for _ in 0..2 {
        client.read_accounts(read_accounts()).await.unwrap();
        assert_eq!(connections.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_connection_of_http_2_that_answers_no_ping_is_used_no_more() {
    let own = Certificate::new();
    let (server, _) = multiplexing(&own).await;
    let (origin, silent) = falls_silent(server).await;
    let mut config = config(&origin);
    config.ca = Some(own.pem().parse().unwrap());
    let client = Client::new(config).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    silent.store(true, Ordering::SeqCst);
    let calling = client.clone();
    let unanswered = tokio::spawn(async move { calling.read_accounts(read_accounts()).await });
    // Whatever is under way on this machine has come, and nothing is waited for but time.
    tokio::time::sleep(Duration::from_millis(50)).await;
    tokio::time::pause();
    let error = unanswered.await.unwrap().unwrap_err();
    tokio::time::resume();
    assert_eq!(reported(&error).0, NetworkCause::TimedOut, "{error}");
    client.read_accounts(read_accounts()).await.unwrap();
}
