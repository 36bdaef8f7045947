//! A body that is sent again is the same body: one player at a time, from the start, whole, or an error.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::sync::Mutex;

use super::body::{Chunks, Rereadable};
use crate::Error;
use crate::error::ErrorKind;

/// How much of a stream is kept for a second sending.
const KEPT: usize = 8 * 1024 * 1024;

/// What is sent, and what is known of the times that it was sent before.
#[derive(Clone)]
pub(super) struct Replayable(Arc<Shared>);

struct Shared {
    /// Held by the one player that reads.
    tape: Mutex<Tape>,
    /// Which player may read: the last one that began.
    player: AtomicU64,
    length: Option<u64>,
    failure: StdMutex<Option<Error>>,
}

enum Tape {
    Stream(Recording),
    Kept(Comparison),
}

/// A stream that can be read once, and what was read of it as far as it is kept.
struct Recording {
    /// None once it has ended: it must not be asked again.
    source: Option<Chunks>,
    chunks: Vec<Bytes>,
    /// How many chunks were read.
    read: usize,
    /// How many bytes more may be kept; none once more were read than that.
    room: Option<usize>,
}

/// Bytes that the caller keeps, and a digest of what was sent of them: they may have been changed since.
struct Comparison {
    source: Box<dyn Rereadable>,
    sent: Digest,
}

/// The digest of so many first bytes.
struct Digest {
    context: Context,
    length: u64,
}

impl Digest {
    fn new() -> Self {
        Self {
            context: Context::new(&SHA256),
            length: 0,
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
        self.length += bytes.len() as u64;
    }

    fn equals(&self, other: &Self) -> bool {
        let value = |digest: &Self| digest.context.clone().finish();
        self.length == other.length && value(self).as_ref() == value(other).as_ref()
    }
}

impl Replayable {
    /// A stream that can be sent again as long as no more than `KEPT` of it was read.
    pub(super) fn stream(source: Chunks) -> Self {
        Self::keeping(source, None, KEPT)
    }

    /// A stream that is sent once; of this length, if it is known.
    pub(super) fn once(source: Chunks, length: Option<u64>) -> Self {
        Self::keeping(source, length, 0)
    }

    fn keeping(source: Chunks, length: Option<u64>, room: usize) -> Self {
        let recording = Recording {
            source: Some(source),
            chunks: Vec::new(),
            read: 0,
            room: Some(room),
        };
        Self::new(Tape::Stream(recording), length)
    }

    /// Bytes that the caller keeps. They can be sent again as long as nobody has changed them.
    pub(super) fn kept(source: Box<dyn Rereadable>) -> Self {
        let length = source.length();
        let sent = Digest::new();
        Self::new(Tape::Kept(Comparison { source, sent }), Some(length))
    }

    fn new(tape: Tape, length: Option<u64>) -> Self {
        Self(Arc::new(Shared {
            tape: Mutex::new(tape),
            player: AtomicU64::new(0),
            length,
            failure: StdMutex::default(),
        }))
    }

    /// How many bytes there are, if that is known.
    pub(super) fn length(&self) -> Option<u64> {
        self.0.length
    }

    /// The whole, from its first byte. Who played it before is cut off, with an error.
    pub(super) fn play(&self) -> BoxStream<'static, io::Result<Bytes>> {
        let player = self.0.player.fetch_add(1, Ordering::SeqCst) + 1;
        let playing = Playing {
            shared: Arc::clone(&self.0),
            player,
            position: Position::Begin,
        };
        stream::unfold(Some(playing), |playing| async move {
            let mut playing = playing?;
            match playing.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(playing))),
                Ok(None) => None,
                Err(error) => {
                    // A player that was cut off has nothing to say.
                    if playing.is_current() {
                        playing.shared.fail(error);
                    }
                    let broken = io::Error::other("the source of the body failed");
                    Some((Err(broken), None))
                }
            }
        })
        .boxed()
    }

    /// Why the sending broke off, if it did.
    pub(super) fn failure(&self) -> Option<Error> {
        self.0.failure().take()
    }
}

impl Shared {
    fn failure(&self) -> std::sync::MutexGuard<'_, Option<Error>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, error: Error) {
        *self.failure() = Some(error);
    }
}

/// One sending.
struct Playing {
    shared: Arc<Shared>,
    player: u64,
    position: Position,
}

enum Position {
    Begin,
    /// How many chunks of a stream were played.
    Chunk(usize),
    /// What was played of bytes that the caller keeps.
    Byte(Digest),
}

impl Playing {
    fn is_current(&self) -> bool {
        self.shared.player.load(Ordering::SeqCst) == self.player
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let mut tape = self.shared.tape.lock().await;
        if self.shared.player.load(Ordering::SeqCst) != self.player {
            return Err(not_repeatable());
        }
        let chunk = match &mut *tape {
            Tape::Stream(recording) => {
                let position = match self.position {
                    Position::Chunk(position) => position,
                    _ => 0,
                };
                self.position = Position::Chunk(position + 1);
                recording.chunk(position).await?
            }
            Tape::Kept(comparison) => {
                let begun = std::mem::replace(&mut self.position, Position::Begin);
                let mut played = match begun {
                    Position::Byte(played) => played,
                    _ => Digest::new(),
                };
                let chunk = comparison.chunk(&mut played).await?;
                self.position = Position::Byte(played);
                chunk
            }
        };
        // What was read meanwhile is on the tape; who began anew will play it.
        if !self.is_current() {
            return Err(not_repeatable());
        }
        Ok(chunk)
    }
}

impl Recording {
    async fn chunk(&mut self, position: usize) -> Result<Option<Bytes>, Error> {
        if let Some(chunk) = self.chunks.get(position) {
            return Ok(Some(chunk.clone()));
        }
        if position < self.read {
            return Err(not_repeatable());
        }
        let Some(source) = &mut self.source else {
            return Ok(None);
        };
        let Some(chunk) = source.next().await.transpose()? else {
            self.source = None;
            return Ok(None);
        };
        self.read += 1;
        self.room = self.room.and_then(|room| room.checked_sub(chunk.len()));
        if self.room.is_some() {
            self.chunks.push(chunk.clone());
        } else {
            self.chunks = Vec::new();
        }
        Ok(Some(chunk))
    }
}

impl Comparison {
    async fn chunk(&mut self, played: &mut Digest) -> Result<Option<Bytes>, Error> {
        if played.length >= self.source.length() {
            return Ok(None);
        }
        let piece = self.source.read(played.length).await?;
        let before = self.sent.length;
        if played.length < before && played.length + piece.len() as u64 >= before {
            // What was sent before ends in this piece.
            let (known, new) =
                piece.split_at(usize::try_from(before - played.length).unwrap_or(piece.len()));
            played.add(known);
            if !played.equals(&self.sent) {
                return Err(not_repeatable());
            }
            played.add(new);
        } else {
            played.add(&piece);
        }
        if played.length > before {
            self.sent = Digest {
                context: played.context.clone(),
                length: played.length,
            };
        }
        Ok(Some(piece))
    }
}

fn not_repeatable() -> Error {
    ErrorKind::UploadNotRepeatable.into()
}
