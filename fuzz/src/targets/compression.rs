//! The compression of a file, within limits: a second implementation of gzip comes to the same content, a stream split anywhere to what the
//! whole comes to, and nothing larger than the limit is handed out.

use arbitrary::Unstructured;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use digime_sdk::{Error, ErrorKind};

use super::envelope::collect;
use crate::digime::{SECRETS, SIZE, read_file, with_client};
use crate::discretion;
use crate::oracles;
use crate::script::Answer;

/// The input: how it is split, what it is, and the compressed bytes, or a content to compress.
pub fn run(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let (Ok(piece), Ok(kind), Ok(times)) = (
        input.arbitrary::<u8>(),
        input.arbitrary::<u8>(),
        input.arbitrary::<u8>(),
    ) else {
        return;
    };
    let rest = input.take_rest();
    // Contents beyond the limit too, but not far.
    let most = 1 + 80 * 1024 / rest.len().max(1);
    let repeated = || rest.repeat(most.min(1 + usize::from(times) * usize::from(times)));
    let (name, compressed, expected) = match kind % 6 {
        0 => ("gzip", rest.to_vec(), known(rest)),
        1 => ("br", rest.to_vec(), Expected::Anything),
        2 => {
            let content = repeated();
            ("gzip", oracles::gzip(&content), Expected::Content(content))
        }
        3 => {
            let content = repeated();
            (
                "brotli",
                oracles::brotli(&content),
                Expected::Content(content),
            )
        }
        4 => {
            // Members one after the other are one content.
            let (one, two) = rest.split_at(rest.len() / 2);
            let both = [oracles::gzip(one), oracles::gzip(two)].concat();
            ("gzip", both, Expected::Content(rest.to_vec()))
        }
        _ => {
            let content = repeated();
            ("none", content.clone(), Expected::Content(content))
        }
    };
    let whole = whole(name, &compressed, piece.into());
    let streamed = streamed(name, &compressed, piece.into());
    match (&whole, &streamed) {
        (Ok(whole), Ok(streamed)) => assert!(whole == streamed, "other bytes as a stream"),
        (Err(whole), Err(streamed)) => assert_eq!(whole.code(), streamed.code()),
        _ => panic!("{name}: whole {whole:?}, as a stream {streamed:?}"),
    }
    if let Ok(content) = &whole {
        assert!(content.len() as u64 <= SIZE, "more than the limit");
    }
    for outcome in [&whole, &streamed] {
        if let Err(error) = outcome {
            let kind = error.kind();
            assert!(
                matches!(
                    kind,
                    ErrorKind::FileDecryption(_) | ErrorKind::FileLimit { .. }
                ),
                "{error}"
            );
            discretion::check(error, &SECRETS);
        }
    }
    match expected {
        Expected::Content(content) if content.len() as u64 > SIZE => {
            let error = whole.unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::FileLimit { .. }),
                "{error}"
            );
        }
        Expected::Content(content) => assert!(whole.unwrap() == content, "other bytes"),
        Expected::Refusal => assert!(whole.is_err(), "the SDK reads what the oracle does not"),
        Expected::Anything => {}
    }
}

/// What a file must come to.
enum Expected {
    Content(Vec<u8>),
    Refusal,
    Anything,
}

/// What the oracle makes of it; anything where it is known to err: it takes no checksum of a header (RFC 1952 section 2.3.1, FHCRC) for right.
fn known(compressed: &[u8]) -> Expected {
    let checked = |header: &[u8]| header.starts_with(&[0x1f, 0x8b, 8]) && header[3] & 2 != 0;
    if compressed.windows(4).any(checked) {
        return Expected::Anything;
    }
    oracles::gunzip(compressed, SIZE).map_or(Expected::Refusal, Expected::Content)
}

fn answer(compression: &str, compressed: &[u8], piece: usize) -> Answer {
    let metadata = format!(r#"{{"metadata":{{}},"compression":"{compression}"}}"#);
    Answer::of(200, oracles::seal(compressed))
        .with("x-metadata", URL_SAFE_NO_PAD.encode(metadata).as_bytes())
        .in_pieces(piece)
}

/// What is in a file that is compressed so.
#[must_use]
pub fn content(compression: &str, compressed: &[u8]) -> Option<Vec<u8>> {
    let whole = whole(compression, compressed, 0);
    whole.ok().map(Vec::from)
}

fn whole(compression: &str, compressed: &[u8], piece: usize) -> Result<Bytes, Error> {
    with_client([answer(compression, compressed, piece)], |stage, client| {
        let file = stage.run(client.read_file(read_file()))?;
        Ok(file.file_data.0)
    })
}

fn streamed(compression: &str, compressed: &[u8], piece: usize) -> Result<Bytes, Error> {
    with_client([answer(compression, compressed, piece)], |stage, client| {
        stage.run(async { collect(&client.read_file_stream(read_file()).await?.body).await })
    })
}
