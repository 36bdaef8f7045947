//! Opening encrypted files where it holds up nothing else: whole, or as a stream of flat memory.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::ByteStream;
use super::beside::{beside, broke_off};
use crate::Error;
use crate::crypto::PrivateKey;
use crate::crypto::buffer::Buffers;
use crate::crypto::envelope::Opener;
use crate::error::ErrorKind;
use crate::request::Chunks;

/// How much of a file is handed on at a time.
const CHUNK: usize = 256 * 1024;
/// How many chunks wait on either side of the opening.
const WAITING: usize = 4;

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
    opening.await.unwrap_or_else(|_| Err(broke_off()))
}

/// Opens a file while it comes in and while it is read, on a thread of its own, since a few bytes may take long to inflate.
pub(super) fn open_stream<R: Read>(
    mut sealed: Chunks,
    open: impl FnOnce(Incoming) -> Result<R, Error> + Send + 'static,
) -> ByteStream {
    ByteStream::new(beside(WAITING, |outgoing| async move {
        let (incoming, chunks) = mpsc::channel(WAITING);
        let opening = spawn_blocking(move || {
            let incoming = Incoming {
                chunks,
                chunk: Bytes::new(),
            };
            hand_on(open(incoming)?, &outgoing)
        });
        while let Some(chunk) = sealed.next().await {
            if incoming.send(chunk).await.is_err() {
                break;
            }
        }
        drop(incoming);
        opening.await.unwrap_or_else(|_| Err(broke_off()))
    }))
}

/// Opens an envelope while it comes in and while it is read. Decryption alone is no work to need a thread of its own.
pub(super) fn open_envelope(mut sealed: Chunks, key: Arc<PrivateKey>) -> ByteStream {
    ByteStream::new(beside(WAITING, |outgoing| async move {
        let mut opener = Opener::new(key);
        let buffers = Buffers::new(Opener::room_for(CHUNK), WAITING + 2);
        let mut content = buffers.take();
        while let Some(mut part) = sealed.next().await.transpose()? {
            while !part.is_empty() {
                let fitting = part.split_to(part.len().min(CHUNK - content.len()));
                opener.update(&fitting, &mut content)?;
                if content.len() >= CHUNK {
                    let full = std::mem::replace(&mut content, buffers.take());
                    if outgoing.send(Ok(buffers.lend(full))).await.is_err() {
                        return Ok(());
                    }
                }
            }
        }
        opener.finish(&mut content)?;
        if !content.is_empty() {
            // Whoever read the content may have gone.
            let _ = outgoing.send(Ok(buffers.lend(content))).await;
        }
        Ok(())
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
