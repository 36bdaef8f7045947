//! Answers as they come: bounded, whole or told to be cut, and read as HTTP has it.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use digime_sdk::digime::{Client, Failure, RefreshTokenOptions, TimeoutOptions};
use digime_sdk::transport::NetworkCause;
use digime_sdk::world::{Clock, Tasks};
use digime_sdk::{ErrorKind, NonEmptyString, World};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

use crate::bodies::read_file;
use crate::scripted::{TestClock, client_at, contract, read_accounts, token};
use crate::wire::{Server, answer, head, header};

fn refresh() -> RefreshTokenOptions {
    RefreshTokenOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}

#[tokio::test]
async fn a_post_without_a_body_says_that_it_has_none() {
    let (heads, mut seen) = mpsc::unbounded_channel();
    let server = Server::start(move |_, mut socket| {
        let heads = heads.clone();
        async move {
            heads.send(head(&mut socket).await.0).unwrap();
            answer(&mut socket, "400 Bad Request", "").await;
        }
    })
    .await;
    let client = Client::new(server.config()).unwrap();
    client.refresh_token(refresh()).await.unwrap_err();
    assert_eq!(header(&seen.recv().await.unwrap(), "content-length"), "0");
}

#[tokio::test]
async fn an_answer_that_is_cut_short_is_asked_for_again_and_then_a_transport_error() {
    for cut in [
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n[",
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n[]",
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n",
        "HTTP/1.1 403 Forbidden\r\ncontent-length: 1000\r\n\r\n{",
        // Nothing but the closing of the connection ends it.
        "HTTP/1.1 200 OK\r\ncontent-type: Application/JSON; charset=utf-8\r\n\r\n[{",
    ] {
        let server = Server::answering(cut).await;
        let client = client_at(server.config(), &TestClock::new());
        let error = client.read_accounts(read_accounts()).await.unwrap_err();
        let ErrorKind::Transport { cause, .. } = error.kind() else {
            panic!("{cut}: {error}")
        };
        assert_eq!(*cause, NetworkCause::ConnectionReset, "{cut}: {error}");
        assert_eq!(server.connections(), 3, "{cut}");
    }
}

#[tokio::test]
async fn an_answer_that_came_whole_and_is_no_json_is_not_asked_for_again() {
    for whole in [
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-type: application/json\r\n\r\n[",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n<html>",
    ] {
        let server = Server::answering(whole).await;
        let client = client_at(server.config(), &TestClock::new());
        let error = client.read_accounts(read_accounts()).await.unwrap_err();
        let refused = matches!(error.kind(), ErrorKind::UnexpectedResponse(_));
        assert!(refused, "{whole}: {error}");
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_value_that_looks_like_a_name_of_the_path_takes_no_other_values_place() {
    let (heads, mut seen) = mpsc::unbounded_channel();
    let server = Server::start(move |_, mut socket| {
        let heads = heads.clone();
        async move {
            heads.send(head(&mut socket).await.0).unwrap();
            answer(&mut socket, "400 Bad Request", "").await;
        }
    })
    .await;
    let client = Client::new(server.config()).unwrap();
    let mut options = read_file();
    options.session_key = "{x}".parse::<NonEmptyString>().unwrap().into();
    client.read_file(options).await.unwrap_err();
    let head = seen.recv().await.unwrap();
    let path = head.split(' ').nth(1).unwrap();
    assert_eq!(path, "/permission-access/query/%7Bx%7D/a");
}

/// A server that answers with this head, and with bytes without end.
async fn endless(head_of_answer: &'static str) -> Server {
    Server::start(move |_, mut socket| async move {
        head(&mut socket).await;
        socket.write_all(head_of_answer.as_bytes()).await.unwrap();
        let blanks = vec![b' '; 64 * 1024];
        while socket.write_all(&blanks).await.is_ok() {}
    })
    .await
}

#[tokio::test]
async fn an_answer_without_end_is_a_transport_error_that_is_not_asked_for_again() {
    let server = endless("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").await;
    let client = client_at(server.config(), &TestClock::new());
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    let ErrorKind::Transport { cause, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(cause.as_str(), "EMSGSIZE");
    assert!(error.to_string().contains("longer than 64 MiB"), "{error}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn of_an_explanation_without_end_a_mebibyte_is_read() {
    let server = endless("HTTP/1.1 403 Forbidden\r\n\r\nno").await;
    let client = client_at(server.config(), &TestClock::new());
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    let ErrorKind::Http(response) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(response.status_code, 403);
    assert!(response.body.starts_with("no "));
    assert_eq!(response.body.len(), 1024 * 1024);
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn compressed(status: &str, text: &str) -> Vec<u8> {
    answer_of(status, &gzip(text))
}

fn answer_of(status: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-encoding: GZIP\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn json_may_come_compressed_and_so_may_what_explains_a_failure() {
    let (heads, mut seen) = mpsc::unbounded_channel();
    let server = Server::start(move |_, mut socket| {
        let heads = heads.clone();
        async move {
            heads.send(head(&mut socket).await.0).unwrap();
            socket.write_all(&compressed("200 OK", "[]")).await.unwrap();
        }
    })
    .await;
    let client = Client::new(server.config()).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
    assert_eq!(
        header(&seen.recv().await.unwrap(), "accept-encoding"),
        "gzip"
    );

    let said = json!({ "error": { "code": "NoScope", "message": "no", "reference": "r" } });
    let server = Server::answering(compressed("403 Forbidden", &said.to_string())).await;
    let client = Client::new(server.config()).unwrap();
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    let Some(Failure::Server(error)) = Failure::of(&error) else {
        panic!("{error}")
    };
    assert_eq!(error.code, "NoScope");
}

#[tokio::test]
async fn a_little_that_inflates_to_more_than_is_read_is_not_inflated_to_its_end() {
    let mebibyte = gzip(&" ".repeat(1024 * 1024));
    let server = Server::answering(answer_of("200 OK", &mebibyte.repeat(65))).await;
    let client = Client::new(server.config()).unwrap();
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    assert!(error.to_string().contains("longer than 64 MiB"), "{error}");
}

/// Does what takes long for an hour.
struct Slow(Arc<TestClock>, Arc<dyn Tasks>);

impl Tasks for Slow {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        self.1.spawn(work);
    }

    fn block(&self, work: Box<dyn FnOnce() + Send>) {
        let clock = Arc::clone(&self.0);
        self.1.spawn(Box::pin(async move {
            clock.advance(Duration::from_hours(1));
            // As long as time-outs need to be heard of.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            work();
        }));
    }
}

#[tokio::test]
async fn the_server_is_not_idle_while_its_answer_is_inflated() {
    let server = Server::answering(answer_of("200 OK", &gzip("[]"))).await;
    let mut config = server.config();
    config.timeouts = Some(TimeoutOptions {
        call: Some(0),
        ..TimeoutOptions::default()
    });
    let (clock, world) = (TestClock::new(), World::real().unwrap());
    let world = World {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        tasks: Arc::new(Slow(clock, Arc::clone(&world.tasks))),
        ..world
    };
    let client = Client::in_world(config, world).unwrap();
    client.read_accounts(read_accounts()).await.unwrap();
}

#[tokio::test]
async fn a_header_that_stands_there_twice_is_one_list() {
    let server = Server::answering(
        "HTTP/1.1 404 Not Found\r\nvia: 1.1 a\r\nx: y\r\nVia: 1.1 b\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let client = Client::new(server.config()).unwrap();
    let error = client.read_accounts(read_accounts()).await.unwrap_err();
    let ErrorKind::Http(response) = error.kind() else {
        panic!("{error}")
    };
    let via: Vec<_> = response
        .headers
        .iter()
        .filter(|(name, _)| name == "via")
        .collect();
    assert_eq!(via, [&("via".to_owned(), "1.1 a, 1.1 b".to_owned())]);
}

#[tokio::test]
async fn a_page_of_html_is_one_however_its_type_is_written() {
    let server = Server::answering(
        "HTTP/1.1 401 Unauthorized\r\ncontent-type: Text/HTML\r\ncontent-length: 6\r\n\r\n<html>",
    )
    .await;
    let client = Client::new(server.config()).unwrap();
    client.read_accounts(read_accounts()).await.unwrap_err();
    // A token that is refreshed would be asked for on another connection.
    assert_eq!(server.connections(), 1);
}
