//! The way to a server, as an application or its environment says: whom it believes, and who it is.

use std::ffi::OsStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::digime::{Client, Config, RetryOptions};
use digime_sdk::transport::{ClientCertificate, NetworkCause, Proxy, Sent};
use digime_sdk::{Error, ErrorKind, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::again::{again, is_again};
use crate::bodies::push;
use crate::certificates::Certificate;
use crate::scripted::read_accounts;

const EMPTY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";

pub fn config(origin: &str) -> Config {
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("{origin}/"));
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    config
}

pub async fn call(config: Config) -> Result<(), Error> {
    let client = Client::new(config)?;
    client.read_accounts(read_accounts()).await.map(drop)
}

/// What the network reported, and whether anything was sent.
pub fn reported(error: &Error) -> (NetworkCause, Sent) {
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
