//! What a request is to send: bytes, a stream that can be read once, or bytes of the caller's that are read piece by piece.

use std::fmt;
use std::io;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};

use crate::Error;

/// The chunks of a stream; an error is the caller's own.
pub(crate) type Chunks = BoxStream<'static, Result<Bytes, Error>>;

/// How much of bytes that are there whole is worked on or sent at a time.
const PIECE: usize = 256 * 1024;

/// How much of a body is sent in small pieces, and how small they are.
const EARLY: usize = 4 * 1024 * 1024;
pub(super) const EARLY_PIECE: usize = 16 * 1024;

/// The chunks of a body on its way out.
type Sending = BoxStream<'static, io::Result<Bytes>>;

/// Bytes that stay with the caller, and are copied piece by piece as they are needed.
pub(crate) trait Rereadable: Send + Sync {
    /// How many there are.
    fn length(&self) -> u64;

    /// A piece from there on, as long as the caller likes; an error if the bytes are not there any more. Never empty before the end.
    fn read(&self, from: u64) -> BoxFuture<'static, Result<Bytes, Error>>;
}

/// Where the bytes come from.
pub(crate) enum ByteSource {
    Bytes(Bytes),
    Stream(Chunks),
    Kept(Box<dyn Rereadable>),
}

impl ByteSource {
    /// How many bytes there are, if that is known before they are read.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Stream(_) => None,
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Kept(kept) => Some(kept.length()),
        }
    }

    /// The bytes as chunks of a size that is pleasant to work on.
    pub(crate) fn into_chunks(self) -> Chunks {
        match self {
            Self::Stream(chunks) => chunks,
            Self::Bytes(bytes) => pieces(bytes).map(Ok).boxed(),
            Self::Kept(kept) => kept_chunks(kept),
        }
    }
}

/// Bytes piece by piece.
pub(super) fn pieces(bytes: Bytes) -> BoxStream<'static, Bytes> {
    stream::unfold(bytes, |mut rest| async move {
        let chunk = rest.split_to(rest.len().min(PIECE));
        (!chunk.is_empty()).then_some((chunk, rest))
    })
    .boxed()
}

/// The same bytes, with a turn of the runtime between two chunks, and in small ones at first. The HTTP client looks for an answer between its
/// turns alone, and loses one that came in the midst of its writing when the server then closes the connection. Who refuses a request
/// without having read it does so early.
pub(super) fn in_turns(chunks: Sending) -> Sending {
    stream::unfold(
        (chunks, Bytes::new(), 0),
        |(mut chunks, mut rest, sent)| async move {
            if sent > 0 {
                tokio::task::yield_now().await;
            }
            if rest.is_empty() {
                rest = match chunks.next().await? {
                    Ok(chunk) => chunk,
                    failed => return Some((failed, (chunks, rest, sent))),
                };
            }
            let most = if sent < EARLY {
                EARLY_PIECE
            } else {
                rest.len()
            };
            let piece = rest.split_to(rest.len().min(most));
            let sent = sent + piece.len();
            Some((Ok(piece), (chunks, rest, sent)))
        },
    )
    .boxed()
}

fn kept_chunks(kept: Box<dyn Rereadable>) -> Chunks {
    stream::try_unfold((kept, 0), |(kept, from)| async move {
        if from >= kept.length() {
            return Ok(None);
        }
        let piece = kept.read(from).await?;
        let next = from + piece.len() as u64;
        Ok(Some((piece, (kept, next))))
    })
    .boxed()
}

impl fmt::Debug for ByteSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes(_) | Self::Kept(_) => "bytes",
            Self::Stream(_) => "stream",
        })
    }
}
