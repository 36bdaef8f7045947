//! The file envelope, whole and as a stream split anywhere: what `RustCrypto` opens the SDK opens to the same bytes, what it does not open is
//! an error, and what the SDK seals it opens.
//!
//! An envelope has no checksum. So an altered one may open to other bytes; it must be those that AES-256-CBC gives, no fewer and no
//! others, and in all ways of reading alike.

use arbitrary::Unstructured;
use bytes::Bytes;
use digime_sdk::digime::{
    ByteStream, Client, DownloadStorageFileOptions, FileSource, UploadFileToStorageOptions,
};
use digime_sdk::{Error, ErrorKind};
use futures_util::stream;

use crate::digime::{SECRETS, contract, read_file, with_client};
use crate::discretion;
use crate::oracles::{self, HEAD, WRAPPED};
use crate::script::Answer;
use crate::stage::{Stage, split};

/// The input: how it is split, how it is altered, and a content.
pub fn run(input: &[u8]) {
    let Some((piece, kind, edits, rest)) = read(input) else {
        return;
    };
    match kind % 4 {
        0 => seals(rest, piece),
        // As it is: nobody sealed it for this contract.
        1 => opens(rest, piece),
        _ => {
            let mut envelope = oracles::seal(rest);
            for (at, with, how) in edits {
                alter(&mut envelope, at, with, how);
            }
            opens(&envelope, piece);
        }
    }
}

type Edits = Vec<(u16, u8, u8)>;

fn read(input: &[u8]) -> Option<(usize, u8, Edits, &[u8])> {
    let mut input = Unstructured::new(input);
    let piece = input.arbitrary::<u8>().ok()?;
    let kind = input.arbitrary::<u8>().ok()?;
    let edits = input.arbitrary::<u8>().ok()? % 4;
    let edits = (0..edits)
        .map(|_| input.arbitrary().ok())
        .collect::<Option<_>>()?;
    Some((piece.into(), kind, edits, input.take_rest()))
}

fn alter(envelope: &mut Vec<u8>, at: u16, with: u8, how: u8) {
    // The end, where the padding is, more often than elsewhere.
    let length = envelope.len();
    let at = match how % 8 {
        0..=2 => length - 1 - usize::from(at) % 48.min(length),
        3 => usize::from(at) % HEAD.min(length),
        _ => usize::from(at) % length,
    };
    match how / 8 % 8 {
        0..=4 => envelope[at] ^= with,
        5 => envelope.truncate(at.max(1)),
        6 => envelope.insert(at, with),
        _ => {
            let block = envelope[at..].to_vec();
            envelope.extend_from_slice(&block[..block.len().min(64)]);
        }
    }
}

/// The SDK opens what the oracle opens, in every way of reading.
fn opens(envelope: &[u8], piece: usize) {
    let expected = oracles::open(envelope);
    let metadata = b"eyJtZXRhZGF0YSI6e319";
    let answer = Answer::of(200, envelope)
        .with("x-metadata", metadata)
        .in_pieces(piece);
    let whole = with_client([answer.clone()], |stage, client| {
        stage.run(client.read_file(read_file()))
    });
    compare(
        "whole",
        whole.map(|file| file.file_data.0),
        expected.as_deref(),
    );
    let streamed = with_client([answer.clone()], |stage, client| {
        stage.run(async { collect(&client.read_file_stream(read_file()).await?.body).await })
    });
    compare("as a stream", streamed, expected.as_deref());
    let stored = with_client([answer], |stage, client| {
        stage.run(async { collect(&client.download_storage_file(download()).await?.body).await })
    });
    compare("from a storage", stored, expected.as_deref());
}

fn compare(how: &str, outcome: Result<Bytes, Error>, expected: Option<&[u8]>) {
    match (outcome, expected) {
        (Ok(content), Some(expected)) => assert!(content == expected, "{how}: other bytes"),
        (Err(error), None) => {
            let kind = error.kind();
            assert!(
                matches!(kind, ErrorKind::FileDecryption(_)),
                "{how}: {error}"
            );
            discretion::check(&error, &SECRETS);
        }
        (Ok(_), None) => panic!("{how}: the SDK opens what the oracle does not"),
        (Err(error), Some(_)) => panic!("{how}: the oracle opens what the SDK does not: {error}"),
    }
}

/// The oracle opens what the SDK seals, split anywhere.
fn seals(content: &[u8], piece: usize) {
    let pieces = split(Bytes::copy_from_slice(content), piece);
    let pieces = pieces.into_iter().map(Ok::<_, std::io::Error>);
    let stage = Stage::new([Answer::json(r#"{"id":"file"}"#)]);
    let sealed = with_client([Answer::json(r#"{"id":"file"}"#)], |stage, client| {
        let before = stage.drawn().len();
        stage.run(upload(client, FileSource::stream(stream::iter(pieces))));
        let drawn = stage.drawn();
        (stage.sent().remove(0).body, drawn[before..].to_vec())
    });
    drop(stage);
    let (envelope, drawn) = sealed;
    let (head, cipher) = envelope.split_at(HEAD);
    let iv: [u8; 16] = head[WRAPPED..].try_into().unwrap();
    let key: [u8; 32] = drawn[..32].try_into().unwrap();
    assert!(oracles::opened(&key, &iv, cipher).as_deref() == Some(content));
    // The private key is slow there.
    if content.len() % 32 == 5 {
        assert_eq!(oracles::unwrapped(&head[..WRAPPED]), Some(key.to_vec()));
    }
}

async fn upload(client: &Client, source: FileSource) {
    let options = UploadFileToStorageOptions::builder()
        .contract_details(contract())
        .storage_id("storage".parse().unwrap())
        .file_name("file".parse().unwrap())
        .file_data(source)
        .build();
    client
        .upload_file_to_storage(options)
        .await
        .map(drop)
        .unwrap();
}

fn download() -> DownloadStorageFileOptions {
    DownloadStorageFileOptions::builder()
        .contract_details(contract())
        .storage_id("storage".parse().unwrap())
        .path("file")
        .build()
}

/// The whole of a stream; an error in its midst is all that it comes to.
pub async fn collect(stream: &ByteStream) -> Result<Bytes, Error> {
    let mut whole = Vec::new();
    while let Some(chunk) = stream.next().await {
        whole.extend_from_slice(&chunk?);
    }
    Ok(whole.into())
}
