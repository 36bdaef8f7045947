//! Connections: shared by whoever asks, made in time, and new where what is sent over one is good once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::digime::{Client, RefreshTokenOptions, RetryOptions, TimeoutOptions};
use digime_sdk::transport::{Body, HttpTransport, Network, Sent, Transport};
use digime_sdk::{ErrorKind, World};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::certificates::Certificate;
use crate::scripted::{Platform, TestClock, contract, read_accounts, token};
use crate::wire::{Server, answer, head};

fn connecting_within(milliseconds: u64) -> TimeoutOptions {
    TimeoutOptions {
        connect: Some(milliseconds),
        ..TimeoutOptions::default()
    }
}

fn refresh() -> RefreshTokenOptions {
    RefreshTokenOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}

#[tokio::test]
async fn calls_that_differ_in_how_long_they_connect_share_a_connection() {
    let server = Server::keeping().await;
    let client = Client::new(server.config()).unwrap();
    for milliseconds in 1000..1020 {
        let client = client.with_timeouts(&connecting_within(milliseconds));
        client.read_accounts(read_accounts()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_takes_too_long_is_given_up_after_the_time_that_the_call_has_for_it() {
    // It is never said which certificate the server has.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let platform = Platform::start(serde_json::json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(format!("https://{}/", listener.local_addr().unwrap()));
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = Client::new(config).unwrap();
    for milliseconds in [20, 40] {
        let client = client.with_timeouts(&connecting_within(milliseconds));
        let error = client.read_accounts(read_accounts()).await.unwrap_err();
        let ErrorKind::Timeout {
            phase, after, sent, ..
        } = error.kind()
        else {
            panic!("{error}")
        };
        let expected = (
            "connect",
            Duration::from_millis(milliseconds),
            Sent::Nothing,
        );
        assert_eq!((*phase, *after, *sent), expected);
    }
}

#[tokio::test]
async fn no_time_to_connect_is_none() {
    let server = Server::keeping().await;
    let mut config = server.config();
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = Client::new(config).unwrap();
    let impatient = client.with_timeouts(&connecting_within(0));
    let error = impatient.read_accounts(read_accounts()).await.unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Nothing), "{error}");
    assert_eq!(server.connections(), 0);
    // One that is there takes no time.
    client.read_accounts(read_accounts()).await.unwrap();
    impatient.read_accounts(read_accounts()).await.unwrap();
}

#[tokio::test]
async fn who_cannot_be_reached_is_named_also_by_what_main_prints_of_the_error() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let platform = Platform::start(serde_json::json!([])).await;
    let mut config = platform.config();
    config.base_url = Some(format!("http://secret:word@{address}/"));
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = Client::new(config).unwrap();
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with(&format!("; there was no connection to {address}")),
        "{error}"
    );
    assert_eq!(format!("{error:?}"), format!("{error} [ERR_TRANSPORT]"));
}

#[tokio::test]
async fn a_connection_is_kept_for_fifteen_seconds_in_which_nothing_was_sent() {
    // A push is not repeated, so that none may meet a balancer that closes what was idle for a minute.
    let server = Server::keeping().await;
    let client = Client::new(server.config()).unwrap();
    for (seconds, connections) in [(0, 1), (14, 1), (16, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        client.read_accounts(read_accounts()).await.unwrap();
        assert_eq!(server.connections(), connections, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closes_in_this_very_moment_keeps_nobody_waiting() {
    // It closes each connection after an answer, so that the next request meets one that is closed, is being closed, or is new.
    let server = Server::start(|_, mut socket| async move {
        head(&mut socket).await;
        answer(&mut socket, "200 OK", "[]").await;
        socket.set_zero_linger().unwrap();
    })
    .await;
    let mut config = server.config();
    config.retry_options = Some(RetryOptions {
        limit: Some(0),
        ..RetryOptions::default()
    });
    let client = Client::new(config).unwrap();
    for _ in 0..1000 {
        if let Err(error) = client.read_accounts(read_accounts()).await {
            assert!(
                matches!(error.kind(), ErrorKind::Transport { .. }),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_good_once_is_sent_over_a_connection_of_its_own() {
    let server = Server::keeping().await;
    let client = Client::new(server.config()).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    client.refresh_token(refresh()).await.unwrap_err();
    assert_eq!(server.connections(), 2);
    client.read_accounts(read_accounts()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn clients_of_one_runtime_share_connections_even_where_there_is_one_for_each_call() {
    let server = Server::keeping().await;
    for _ in 0..10 {
        let client = Client::new(server.config()).unwrap();
        client.read_accounts(read_accounts()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_runtime_that_stands_still_holds_up_no_call_of_another() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let others = tokio::runtime::Runtime::new().unwrap();
    let server = others.block_on(Server::keeping());
    let client = Client::new(server.config()).unwrap();
    let (first, second) = (runtime(), runtime());
    for runtime in [&first, &second, &first, &second] {
        runtime
            .block_on(client.read_accounts(read_accounts()))
            .unwrap();
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn what_a_server_did_not_look_at_is_sent_again_by_the_rules_and_signed_anew() {
    let own = Certificate::new();
    let (origin, seen) = refusing_at_first(own.acceptor("h2", None)).await;
    let repeating = |limit| {
        let mut config = digime_sdk::digime::Config::new("test-application-id".parse().unwrap());
        config.base_url = Some(origin.clone());
        config.retry_options = Some(RetryOptions {
            limit: Some(limit),
            ..RetryOptions::default()
        });
        let network = Network {
            ca: Some(own.pem().parse().unwrap()),
            ..Network::default()
        };
        let world = World {
            transport: Arc::new(HttpTransport::over(network).unwrap()),
            clock: TestClock::new(),
            ..World::real().unwrap()
        };
        Client::in_world(config, world).unwrap()
    };
    let client = repeating(2);
    client.read_accounts(read_accounts()).await.unwrap();
    // No token comes, but that is an answer.
    let error = client.refresh_token(refresh()).await.unwrap_err();
    assert_eq!(error.sent(), None, "{error}");
    let client = repeating(0);
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Nothing), "{error}");
    let seen = seen.lock().unwrap();
    let mut signed: Vec<_> = seen.iter().collect();
    assert_eq!(signed.len(), 5);
    signed.sort();
    signed.dedup();
    assert_eq!(signed.len(), 5, "a signature was sent twice");
}

/// A server that refuses each other request unread, and answers the rest with an empty list; what each was signed with.
async fn refusing_at_first(acceptor: TlsAcceptor) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}/", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let signatures = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let (acceptor, signatures) = (acceptor.clone(), Arc::clone(&signatures));
            tokio::spawn(async move {
                let socket = acceptor.accept(socket).await.unwrap();
                let mut connection = h2::server::handshake(socket).await.unwrap();
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    let signature = request.headers()["authorization"].to_str().unwrap();
                    let number = {
                        let mut signatures = signatures.lock().unwrap();
                        signatures.push(signature.to_owned());
                        signatures.len()
                    };
                    if number % 2 == 1 {
                        respond.send_reset(h2::Reason::REFUSED_STREAM);
                    } else {
                        let mut body = respond
                            .send_response(http::Response::new(()), false)
                            .unwrap();
                        body.send_data(Bytes::from_static(b"[]"), true).unwrap();
                    }
                }
            });
        }
    });
    (origin, seen)
}

#[tokio::test]
async fn a_server_that_is_far_away_may_send_eight_mebibytes_over_http_2_before_any_of_it_is_read() {
    let own = Certificate::new();
    let (acceptor, listener) = (
        own.acceptor("h2", None),
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
    );
    let origin = format!("https://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let socket = acceptor.accept(socket).await.unwrap();
        let mut connection = h2::server::Builder::new()
            .max_send_buffer_size(16 * 1024 * 1024)
            .handshake::<_, Bytes>(socket)
            .await
            .unwrap();
        let (_, mut respond) = connection.accept().await.unwrap().unwrap();
        let mut body = respond
            .send_response(http::Response::new(()), false)
            .unwrap();
        let going = tokio::spawn(async move { while connection.accept().await.is_some() {} });
        body.reserve_capacity(8 * 1024 * 1024);
        let mut may_send = 0;
        while may_send < 8 * 1024 * 1024 {
            may_send = std::future::poll_fn(|context| body.poll_capacity(context))
                .await
                .unwrap()
                .unwrap();
        }
        (may_send, body, going)
    });
    let network = Network {
        ca: Some(own.pem().parse().unwrap()),
        ..Network::default()
    };
    let transport = HttpTransport::over(network).unwrap();
    let request = http::Request::get(origin).body(Body::Empty).unwrap();
    let unread = transport
        .send(request, Duration::from_secs(10))
        .await
        .unwrap();
    let (may_send, body, going) = serving.await.unwrap();
    assert_eq!(may_send, 8 * 1024 * 1024);
    drop((unread, body));
    going.abort();
}
