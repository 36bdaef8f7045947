//! Opening encrypted files where it holds up nothing else: whole, or as a stream of flat memory.

use std::io::{self, Cursor, Read};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::ByteStream;
use crate::Error;
use crate::error::ErrorKind;
use crate::request::Chunks;

/// How much of a file is handed on at a time.
const CHUNK: usize = 256 * 1024;
/// How many chunks wait on either side of the opening.
const WAITING: usize = 2;

/// Opens a file that is there whole. `open` makes a reader of the content from a reader of the encrypted bytes.
pub(super) async fn open_whole<R: Read>(
    sealed: Bytes,
    open: impl FnOnce(Cursor<Bytes>) -> Result<R, Error> + Send + 'static,
) -> Result<Bytes, Error> {
    let opening = spawn_blocking(move || {
        let mut content = Vec::new();
        open(Cursor::new(sealed))?
            .read_to_end(&mut content)
            .map_err(error)?;
        Ok(Bytes::from(content))
    });
    opening
        .await
        .unwrap_or_else(|_| Err(Error::sdk("the opening of a file broke off")))
}

/// Opens a file while it comes in and while it is read.
pub(super) fn open_stream<R: Read>(
    mut sealed: Chunks,
    open: impl FnOnce(Incoming) -> Result<R, Error> + Send + 'static,
) -> ByteStream {
    let (incoming, sealed_chunks) = mpsc::channel(WAITING);
    let (outgoing, content_chunks) = mpsc::channel(WAITING);
    let reader = outgoing.clone();
    tokio::spawn(async move {
        loop {
            let chunk = tokio::select! {
                chunk = sealed.next() => chunk,
                // Whoever read the content has gone: the rest of it is not to be waited for.
                () = reader.closed() => None,
            };
            let Some(chunk) = chunk else { break };
            if incoming.send(chunk).await.is_err() {
                break;
            }
        }
    });
    spawn_blocking(move || {
        let incoming = Incoming {
            chunks: sealed_chunks,
            chunk: Bytes::new(),
        };
        let outcome = open(incoming).and_then(|content| hand_on(content, &outgoing));
        if let Err(error) = outcome {
            // Whoever read the content may have gone.
            let _ = outgoing.blocking_send(Err(error));
        }
    });
    ByteStream::new(stream::unfold(content_chunks, |mut chunks| async move {
        chunks.recv().await.map(|chunk| (chunk, chunks))
    }))
}

fn hand_on(
    mut content: impl Read,
    outgoing: &mpsc::Sender<Result<Bytes, Error>>,
) -> Result<(), Error> {
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        content
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut chunk)
            .map_err(error)?;
        let over = chunk.is_empty();
        if over || outgoing.blocking_send(Ok(chunk.into())).is_err() {
            return Ok(());
        }
    }
}

/// The encrypted bytes of a file, read as they come in.
pub(super) struct Incoming {
    chunks: mpsc::Receiver<Result<Bytes, Error>>,
    chunk: Bytes,
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.chunks.blocking_recv() {
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.chunk.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

/// The error that a reader passed through `io::Error`; one of a decompressor itself means damage.
fn error(error: io::Error) -> Error {
    let damaged = || {
        ErrorKind::FileDecryption("the compressed content of the file is damaged".to_owned()).into()
    };
    error.downcast::<Error>().unwrap_or_else(|_| damaged())
}
