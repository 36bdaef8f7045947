//! Reading files: right wherever their bytes are split, within limits, and wrong ones refused.

use bytes::Bytes;
use digime_sdk::digime::Client;
use digime_sdk::digime::FileLimits;
use digime_sdk::transport::Sent;
use digime_sdk::{Error, ErrorKind};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::envelope::{brotli, gzip, seal};
use crate::library::{Library, read_file, read_file_with};
use crate::sandbox::CONTRACT_KEY;

async fn whole(client: &Client, name: &str) -> Result<Bytes, Error> {
    client
        .read_file(read_file(name))
        .await
        .map(|file| file.file_data.0)
}

async fn streamed(client: &Client, name: &str) -> Result<Vec<u8>, Error> {
    let body = client.read_file_stream(read_file(name)).await?.body;
    let mut content = Vec::new();
    while let Some(chunk) = body.next().await {
        content.extend_from_slice(&chunk?);
    }
    Ok(content)
}

#[test]
fn an_envelope_split_anywhere_gives_the_same_content_whole_and_as_a_stream() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let library = runtime.block_on(Library::open());
    let client = Client::new(library.config()).unwrap();
    let cases = (
        prop::collection::vec(any::<u8>(), 0..5000),
        prop::collection::vec(1..700_usize, 1..40),
        prop::sample::select(vec![None, Some("gzip"), Some("brotli")]),
    );
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(64)
    });
    let split_and_read =
        |(content, sizes, compression): (Vec<u8>, Vec<usize>, Option<&'static str>)| {
            let compressed = match compression {
                Some("gzip") => gzip(&content),
                Some(_) => brotli(&content),
                None => content.clone(),
            };
            let mut rest = Bytes::from(seal(CONTRACT_KEY, &compressed));
            let mut chunks = Vec::new();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                chunks.push(rest.split_to((*size).min(rest.len())));
            }
            for name in ["whole", "stream"] {
                library.put_chunks(name, chunks.iter().cloned().map(Ok).collect(), compression);
            }
            prop_assert_eq!(
                &runtime.block_on(whole(&client, "whole")).unwrap(),
                &content
            );
            prop_assert_eq!(
                &runtime.block_on(streamed(&client, "stream")).unwrap(),
                &content
            );
            Ok(())
        };
    runner.run(&cases, split_and_read).unwrap();
}

#[tokio::test]
async fn keys_of_3072_and_4096_bits_open_what_is_wrapped_for_them() {
    let library = Library::open().await;
    let client = Client::new(library.config()).unwrap();
    for key in [
        include_str!("keys/rsa3072.pem"),
        include_str!("keys/rsa4096.pem"),
    ] {
        library.put("a", seal(key, b"content"), None);
        let file = client.read_file(read_file_with("a", key)).await.unwrap();
        assert_eq!(&file.file_data.0[..], b"content");
    }
}

#[tokio::test]
async fn a_file_that_is_cut_short_or_changed_is_a_decryption_error() {
    let library = Library::open().await;
    let client = Client::new(library.config()).unwrap();
    let sealed = seal(CONTRACT_KEY, &[1; 100]);
    let mut changed = sealed.clone();
    *changed.last_mut().unwrap() ^= 1;
    for (body, expected) in [
        (
            sealed[..sealed.len() - 1].to_vec(),
            "File size not valid: 383",
        ),
        (sealed[..256].to_vec(), "File size not valid: 256"),
        (sealed[..272].to_vec(), "File size not valid: 272"),
        (
            changed,
            "the file cannot be decrypted: it was encrypted for another key, or is damaged",
        ),
    ] {
        library.put("whole", body.clone(), None);
        library.put("stream", body, None);
        for error in [
            whole(&client, "whole").await.unwrap_err(),
            streamed(&client, "stream").await.unwrap_err(),
        ] {
            assert_eq!(error.code(), "ERR_FILE_DECRYPTION");
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[tokio::test]
async fn damaged_compression_and_an_unknown_one_are_errors_and_not_content() {
    let library = Library::open().await;
    let client = Client::new(library.config()).unwrap();
    let mut damaged = gzip(&[3; 1000]);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    library.put("a", seal(CONTRACT_KEY, &damaged), Some("gzip"));
    assert_eq!(
        whole(&client, "a").await.unwrap_err().code(),
        "ERR_FILE_DECRYPTION"
    );
    library.put(
        "b",
        seal(CONTRACT_KEY, &brotli(&[3; 1000])[..8]),
        Some("brotli"),
    );
    assert_eq!(
        whole(&client, "b").await.unwrap_err().code(),
        "ERR_FILE_DECRYPTION"
    );
    library.put("c", seal(CONTRACT_KEY, b"content"), Some("zstd"));
    assert!(
        whole(&client, "c")
            .await
            .unwrap_err()
            .to_string()
            .contains("does not know")
    );
}

#[tokio::test]
async fn content_beyond_the_limits_is_refused_and_never_held_in_memory() {
    let library = Library::open().await;
    let bomb = brotli(&vec![0; 256 * 1024 * 1024]);
    for (size, ratio, limit) in [
        (Some(1024 * 1024), None, "fileLimits.size"),
        (None, Some(100), "fileLimits.ratio"),
    ] {
        let mut config = library.config();
        config.file_limits = Some(FileLimits { size, ratio });
        let client = Client::new(config).unwrap();
        library.put("whole", seal(CONTRACT_KEY, &bomb), Some("brotli"));
        library.put("stream", seal(CONTRACT_KEY, &bomb), Some("brotli"));
        let before = peak_memory();
        for error in [
            whole(&client, "whole").await.unwrap_err(),
            streamed(&client, "stream").await.unwrap_err(),
        ] {
            let ErrorKind::FileLimit { limit: exceeded } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!(*exceeded, limit);
        }
        let grown = peak_memory() - before;
        assert!(grown < 64 * 1024, "{grown} KiB");
    }
}

/// The most memory that this process has had, in KiB.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_encrypted_file_that_is_longer_than_the_limit_is_not_read_to_its_end() {
    let library = Library::open().await;
    let mut config = library.config();
    config.file_limits = Some(FileLimits {
        size: Some(1000),
        ratio: None,
    });
    library.put("a", vec![0; 100_000], None);
    let error = whole(&Client::new(config).unwrap(), "a").await.unwrap_err();
    assert_eq!(error.code(), "ERR_FILE_LIMIT");
}

#[tokio::test]
async fn a_stream_is_read_in_memory_that_does_not_grow_with_the_file() {
    let library = Library::open().await;
    let mut config = library.config();
    config.file_limits = Some(FileLimits {
        size: None,
        ratio: Some(u64::MAX),
    });
    let client = Client::new(config).unwrap();
    library.put(
        "a",
        seal(CONTRACT_KEY, &brotli(&vec![0; 256 * 1024 * 1024])),
        Some("brotli"),
    );
    let body = client.read_file_stream(read_file("a")).await.unwrap().body;
    let before = peak_memory();
    let mut read = 0;
    while let Some(chunk) = body.next().await {
        read += chunk.unwrap().len();
    }
    assert_eq!(read, 256 * 1024 * 1024);
    let grown = peak_memory() - before;
    assert!(grown < 64 * 1024, "{grown} KiB");
}

#[tokio::test]
async fn a_connection_that_breaks_off_in_the_midst_of_a_file_reaches_who_reads_the_stream() {
    let library = Library::open().await;
    let client = Client::new(library.config()).unwrap();
    let sealed = Bytes::from(seal(CONTRACT_KEY, &vec![5; 300_000]));
    let broken = Err(std::io::Error::other("gone"));
    library.put_chunks("a", vec![Ok(sealed.slice(..200_000)), broken], None);
    let body = client.read_file_stream(read_file("a")).await.unwrap().body;
    library.break_off.notify_one();
    let mut read = 0;
    let error = loop {
        match body.next().await.unwrap() {
            Ok(chunk) => read += chunk.len(),
            Err(error) => break error,
        }
    };
    assert!(read < 200_000, "{read}");
    assert_eq!(error.code(), "ERR_TRANSPORT");
    assert_eq!(error.sent(), Some(Sent::Whole));
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_is_dropped_ends_its_download_even_while_the_server_is_silent() {
    use base64::Engine;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 64 * 1024];
        assert_ne!(socket.read(&mut request).await.unwrap(), 0);
        let metadata =
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"metadata":{}}"#);
        let head =
            format!("HTTP/1.1 200 OK\r\nx-metadata: {metadata}\r\ncontent-length: 1000000\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&[0; 1000]).await.unwrap();
        // Until the client closes the connection; it may also reset it.
        let _ = socket.read_to_end(&mut request).await;
    });
    let mut config = Library::open().await.config();
    config.base_url = Some(format!("http://{address}/"));
    let file = Client::new(config)
        .unwrap()
        .read_file_stream(read_file("a"))
        .await
        .unwrap();
    drop(file);
    server.await.unwrap();
}
