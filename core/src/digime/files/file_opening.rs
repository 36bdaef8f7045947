//! Opening encrypted files where it holds up nothing else: whole, or as a stream of flat memory, for which no thread is kept waiting.

use std::collections::VecDeque;
use std::io::{self, Cursor, ErrorKind as Io, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use super::file_reading::FileReading;
use crate::binding::{LaterSteps, apart};
use crate::crypto::PrivateKey;
use crate::crypto::buffer::Buffers;
use crate::crypto::envelope::Opener;
use crate::error::ErrorKind;
use crate::http::Chunks;
use crate::{ByteStream, Error, World};

/// How much of a file is handed on at a time, and taken in.
const CHUNK: usize = 256 * 1024;
/// How many chunks wait to be read.
const WAITING: usize = 4;

/// Opens a file that is there whole. `open` makes a reader of the content from a reader of the encrypted bytes.
pub(in crate::digime) async fn open_whole<R: Read>(
    world: &World,
    sealed: Bytes,
    open: impl FnOnce(Cursor<Bytes>) -> Result<R, Error> + Send + 'static,
) -> Result<Bytes, Error> {
    let opening = world.block(move || {
        let mut content = Vec::new();
        open(Cursor::new(sealed))?
            .read_to_end(&mut content)
            .map_err(error)?;
        Ok(Bytes::from(content))
    });
    opening.await?
}

/// Opens a file while it comes in and while it is read: step by step elsewhere, since a few bytes may take long to inflate, and each step
/// works on what is there and waits for nothing.
pub(in crate::digime) fn open_stream<R: Read + Send + 'static>(
    world: &World,
    mut sealed: Chunks,
    mut reading: FileReading,
    open: impl FnOnce(Arrived) -> Result<R, Error> + Send + 'static,
) -> ByteStream {
    let work = world.clone();
    in_the_background(world, |outgoing| async move {
        let arrived = Arrived::default();
        let mut content = open(arrived.clone())?;
        loop {
            let step = work.block(move || {
                let step = step(&mut content);
                (content, step)
            });
            let (opened, step) = step.await?;
            content = opened;
            let (chunk, next) = step?;
            let size = chunk.len();
            if size > 0 && outgoing.send(Ok(chunk.into())).await.is_err() {
                return Ok(());
            }
            reading.goes_on(size);
            match next {
                Next::More => {}
                Next::Hungry => arrived.take_in(&mut sealed).await?,
                Next::Ended => {
                    reading.ends();
                    return Ok(());
                }
            }
        }
    })
}

/// Opens an envelope while it comes in and while it is read. Decryption alone is fast enough to be done in between.
pub(in crate::digime) fn open_envelope(
    world: &World,
    mut sealed: Chunks,
    key: Arc<PrivateKey>,
) -> ByteStream {
    in_the_background(world, |outgoing| async move {
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
    })
}

/// Opens a file beside whoever reads it, also when the call is over that has handed it out.
fn in_the_background<F>(
    world: &World,
    open: impl FnOnce(mpsc::Sender<Result<Bytes, Error>>) -> F,
) -> ByteStream
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let mut later = LaterSteps::default();
    let chunks = world.beside(WAITING, |outgoing| {
        let (opening, steps) = apart(open(outgoing));
        later = steps;
        opening
    });
    ByteStream::new(chunks, later)
}

/// What is to be done after a step.
enum Next {
    More,
    /// All that has come in is worked on.
    Hungry,
    Ended,
}

/// Reads a chunk of the content, or as much as there is of one.
fn step(content: &mut impl Read) -> Result<(Vec<u8>, Next), Error> {
    let mut chunk = vec![0; CHUNK];
    let mut filled = 0;
    let next = loop {
        match content.read(&mut chunk[filled..]) {
            Ok(0) if filled < CHUNK => break Next::Ended,
            Ok(length) => filled += length,
            Err(failure) if failure.kind() == Io::WouldBlock => break Next::Hungry,
            Err(failure) if failure.kind() == Io::Interrupted => {}
            Err(failure) => return Err(error(failure)),
        }
        if filled == CHUNK {
            break Next::More;
        }
    };
    chunk.truncate(filled);
    Ok((chunk, next))
}

/// The encrypted bytes of a file that have come in. Reading more than that would block, which is an error that a reader goes on from.
#[derive(Clone, Default)]
pub(in crate::digime) struct Arrived(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    chunks: VecDeque<Bytes>,
    ended: bool,
}

impl Arrived {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next bytes, and takes along what has come with them.
    async fn take_in(&self, sealed: &mut Chunks) -> Result<(), Error> {
        let mut next = sealed.next().await;
        let mut size = 0;
        loop {
            let Some(chunk) = next.transpose()? else {
                self.queue().ended = true;
                return Ok(());
            };
            size += chunk.len();
            self.queue().chunks.push_back(chunk);
            if size >= CHUNK {
                return Ok(());
            }
            match sealed.next().now_or_never() {
                Some(ready) => next = ready,
                None => return Ok(()),
            }
        }
    }
}

impl Read for Arrived {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut queue = self.queue();
        while queue.chunks.front().is_some_and(Bytes::is_empty) {
            queue.chunks.pop_front();
        }
        let ended = queue.ended;
        let Some(chunk) = queue.chunks.front_mut() else {
            return if ended || buffer.is_empty() {
                Ok(0)
            } else {
                Err(Io::WouldBlock.into())
            };
        };
        let length = buffer.len().min(chunk.len());
        buffer[..length].copy_from_slice(&chunk.split_to(length));
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
