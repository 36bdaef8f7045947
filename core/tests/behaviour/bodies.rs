//! A body that is sent again is the same body, one that is read has an end, and neither keeps others waiting.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::ErrorKind;
use digime_sdk::digime::{
    Client, Config, FileSource, PushDataOptions, PushDataToLibraryOptions, ReadFileOptions,
    TimeoutOptions,
};
use digime_sdk::transport::Sent;
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::platform_tokens::{fresh_tokens, platform_keys};
use crate::push::receipt;
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{TestClock, client_at, contract, token};
use crate::wire::{Server, answer, head, header};

const MEBIBYTE: usize = 1024 * 1024;

fn config(listener: &TcpListener) -> Config {
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("http://{}/", listener.local_addr().unwrap()));
    config
}

pub fn push(file: FileSource) -> PushDataOptions {
    PushDataOptions::Library(
        PushDataToLibraryOptions::builder()
            .contract_details(contract())
            .user_access_token(token("access-1", "refresh-1"))
            .data(receipt(file))
            .build(),
    )
}

/// A platform that answers a push with 401 as soon as its head is there and goes on reading, as Node's server does; refreshes; and stores
/// what comes then. Gives how many bytes it stored whole, a push at a time.
fn early_refusal(listener: TcpListener) -> mpsc::UnboundedReceiver<usize> {
    let (stored, pushes) = mpsc::unbounded_channel();
    let refused = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(socket, Arc::clone(&refused), stored.clone()));
        }
    });
    pushes
}

async fn serve(
    mut socket: TcpStream,
    refused: Arc<AtomicUsize>,
    stored: mpsc::UnboundedSender<usize>,
) {
    let (head, body) = head(&mut socket).await;
    if head.starts_with("POST /permission-access/import") {
        if refused.fetch_add(1, Ordering::SeqCst) == 0 {
            answer(&mut socket, "401 Unauthorized", "").await;
            let mut rest = vec![0; MEBIBYTE];
            while socket.read(&mut rest).await.is_ok_and(|read| read > 0) {}
        } else if let Some(length) = chunked(&mut socket, body).await {
            stored.send(length).unwrap();
            answer(&mut socket, "204 No Content", "").await;
        }
    } else if head.starts_with("POST /oauth/token") {
        let host = header(&head, "host");
        answer(&mut socket, "200 OK", &fresh_tokens(&host)).await;
    } else {
        answer(&mut socket, "200 OK", &platform_keys()).await;
    }
}

/// The length of a body in chunked coding (RFC 9112 section 7.1); none if it breaks off.
async fn chunked(socket: &mut TcpStream, mut bytes: Vec<u8>) -> Option<usize> {
    let mut length = 0;
    loop {
        while let Some(end) = bytes.windows(2).position(|window| window == b"\r\n") {
            let size = std::str::from_utf8(&bytes[..end]).unwrap();
            let size = usize::from_str_radix(size, 16).unwrap();
            if bytes.len() < end + 2 + size + 2 {
                break;
            }
            bytes.drain(..end + 2 + size + 2);
            length += size;
            if size == 0 {
                return Some(length);
            }
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A stream of so many mebibytes, a chunk of 64 KiB in each turn of the runtime.
fn slow(mebibytes: usize) -> FileSource {
    let chunks = stream::unfold(0, move |number| async move {
        for _ in 0..32 {
            tokio::task::yield_now().await;
        }
        (number < mebibytes * 16).then(|| {
            let chunk = Bytes::from(vec![1; 64 * 1024]);
            (Ok::<_, std::io::Error>(chunk), number + 1)
        })
    });
    FileSource::stream(chunks)
}

#[tokio::test]
async fn a_stream_that_is_refused_early_is_stored_whole_or_the_push_fails() {
    for mebibytes in [1, 6, 30] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(config(&listener)).unwrap();
        let mut pushes = early_refusal(listener);
        match client.push_data(push(slow(mebibytes))).await {
            Ok(()) => assert_eq!(pushes.recv().await, Some(mebibytes * MEBIBYTE)),
            Err(error) => {
                // More was read of it than is kept.
                assert!(
                    matches!(error.kind(), ErrorKind::UploadNotRepeatable) && mebibytes > 8,
                    "{mebibytes}: {error}"
                );
                assert!(error.user_access_token().is_some());
                assert!(pushes.try_recv().is_err());
            }
        }
    }
}

/// A server that refuses a push as soon as its head is there, and closes: what was sent meanwhile it never reads, so that the connection is
/// reset.
async fn hasty() -> Server {
    Server::start(|_, mut socket| async move {
        let mut start = [0; 64];
        socket.read_exact(&mut start).await.unwrap();
        answer(&mut socket, "413 Content Too Large", "").await;
    })
    .await
}

#[tokio::test]
async fn an_answer_that_comes_while_the_body_is_written_is_heard_though_the_server_closes_at_once()
{
    let server = hasty().await;
    let client = Client::new(server.config()).unwrap();
    let body = Bytes::from(vec![7; 4 * MEBIBYTE]);
    let refusals = (0..100).map(|_| client.push_data(push(FileSource::from(body.clone()))));
    let refusals = stream::iter(refusals).buffer_unordered(4);
    let unheard = refusals.filter(|outcome| {
        let heard = outcome.as_ref().unwrap_err().to_string().contains("413");
        std::future::ready(!heard)
    });
    let unheard: Vec<_> = unheard.collect().await;
    assert!(
        unheard.is_empty(),
        "{} {:?}",
        unheard.len(),
        unheard.first()
    );
}

#[tokio::test]
async fn a_stream_that_must_not_be_asked_again_after_its_end_can_be_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    let mut pushes = early_refusal(listener);
    let mut left = Some(Bytes::from_static(b"all there is"));
    let mut ended = false;
    let once = stream::poll_fn(move |_| {
        assert!(!ended, "it was asked after its end");
        let chunk = left.take();
        ended = chunk.is_none();
        std::task::Poll::Ready(chunk.map(Ok::<_, std::io::Error>))
    });
    client
        .push_data(push(FileSource::stream(once)))
        .await
        .unwrap();
    assert_eq!(pushes.recv().await, Some(12));
}

pub fn read_file() -> ReadFileOptions {
    let text = |text: &str| text.parse::<digime_sdk::NonEmptyString>().unwrap();
    ReadFileOptions::builder()
        .session_key(text("session").into())
        .file_name(text("a"))
        .contract_id(text("test-contract-id"))
        .private_key(text(CONTRACT_KEY).into())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}

/// A server that begins to answer, and then says nothing more; it holds the connections.
fn begins(listener: TcpListener) -> mpsc::UnboundedReceiver<TcpStream> {
    let (begun, connections) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            head(&mut socket).await;
            // base64url of {"metadata":{}}
            let start = "HTTP/1.1 200 OK\r\nx-metadata: eyJtZXRhZGF0YSI6e319\r\ncontent-length: 1000000\r\n\r\n";
            socket.write_all(start.as_bytes()).await.unwrap();
            begun.send(socket).unwrap();
        }
    });
    connections
}

#[tokio::test]
async fn the_total_time_out_holds_for_an_answer_that_is_read_as_a_stream() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config(&listener);
    config.timeouts = Some(TimeoutOptions {
        total: Some(30_000),
        ..TimeoutOptions::default()
    });
    let clock = TestClock::new();
    let client = client_at(config, &clock);
    let mut connections = begins(listener);
    let body = client.read_file_stream(read_file()).await.unwrap().body;
    let mut socket = connections.recv().await.unwrap();
    let reading = tokio::spawn(async move {
        loop {
            match body.next().await.unwrap() {
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    });
    // A byte now and then is no silence, and no end either.
    for _ in 0..6 {
        socket.write_all(&[0]).await.unwrap();
        clock.advance(Duration::from_secs(5));
    }
    let error = reading.await.unwrap();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Timeout {
                phase: "total",
                sent: Sent::Whole,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn files_that_come_in_slowly_keep_no_thread_from_other_calls() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(config(&listener)).unwrap();
        let mut connections = begins(listener);
        let mut held = Vec::new();
        for _ in 0..8 {
            let stream = client.read_file_stream(read_file()).await.unwrap();
            held.push((connections.recv().await.unwrap(), stream));
        }
        // Names are resolved on those threads, and whole files are opened there.
        let resolved = tokio::net::lookup_host("localhost:80").await.unwrap();
        assert_ne!(resolved.count(), 0);
        drop(held);
    });
}

#[tokio::test]
async fn the_system_does_not_cut_an_upload_to_a_server_that_reads_slowly() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client::new(config(&listener)).unwrap();
    let pushing = tokio::spawn(async move { client.push_data(push(slow(1))).await });
    let (mut socket, peer) = listener.accept().await.unwrap();
    head(&mut socket).await;
    // The SDK's end of the connection is open in this very process.
    let limits: Vec<_> = (3..1024)
        .filter_map(|descriptor| {
            // SAFETY: Nothing is done with a descriptor that is none but to be told so; one that is open stays so, since its owner waits.
            let descriptor = unsafe { BorrowedFd::borrow_raw(descriptor) };
            let end = socket2::SockRef::from(&descriptor);
            let of = |address: std::io::Result<socket2::SockAddr>| address.ok()?.as_socket();
            (of(end.local_addr()) == Some(peer) && of(end.peer_addr()) == Some(address))
                .then(|| end.tcp_user_timeout().unwrap())
        })
        .collect();
    assert_eq!(limits, [None]);
    pushing.abort();
}

#[tokio::test]
async fn an_upload_that_breaks_off_says_how_much_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    let unfinished = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"begun"))])
        .chain(stream::pending());
    let pushing =
        tokio::spawn(async move { client.push_data(push(FileSource::stream(unfinished))).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    head(&mut socket).await;
    drop(socket);
    let error = pushing.await.unwrap().unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Maybe), "{error}");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    let whole = FileSource::from("{}");
    let pushing = tokio::spawn(async move { client.push_data(push(whole)).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    let (_, mut body) = head(&mut socket).await;
    while body.len() < 2 {
        assert_ne!(socket.read_buf(&mut body).await.unwrap(), 0);
    }
    drop(socket);
    let error = pushing.await.unwrap().unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Whole), "{error}");
}

#[tokio::test]
async fn a_success_that_is_told_before_the_whole_stream_was_sent_is_none() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    let (chunks, given) = mpsc::unbounded_channel();
    let file = stream::unfold(given, |mut given| async move {
        let chunk: Bytes = given.recv().await?;
        Some((Ok::<_, std::io::Error>(chunk), given))
    });
    let pushing =
        tokio::spawn(async move { client.push_data(push(FileSource::stream(file))).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    head(&mut socket).await;
    chunks.send(vec![1; 16 * 1024].into()).unwrap();
    answer(&mut socket, "204 No Content", "").await;
    let error = pushing.await.unwrap().unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Maybe), "{error}");
    assert!(
        error.to_string().contains("before the whole body was sent"),
        "{error}"
    );
    drop(chunks);
}

#[tokio::test]
async fn nor_is_one_before_the_whole_of_bytes_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    // More than the system holds for a server that does not read.
    let pushing =
        tokio::spawn(async move { client.push_data(push(vec![1; 64 * MEBIBYTE].into())).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    head(&mut socket).await;
    answer(&mut socket, "204 No Content", "").await;
    let error = pushing.await.unwrap().unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Maybe), "{error}");
}

#[tokio::test]
async fn of_no_bytes_the_whole_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    let pushing = tokio::spawn(async move { client.push_data(push("".into())).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    let (head, _) = head(&mut socket).await;
    assert_eq!(header(&head, "content-length"), "0");
    answer(&mut socket, "204 No Content", "").await;
    pushing.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_that_is_refused_has_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new(config(&listener)).unwrap();
    drop(listener);
    let error = client.push_data(push("{}".into())).await.unwrap_err();
    assert_eq!(error.sent(), Some(Sent::Nothing), "{error}");
}
