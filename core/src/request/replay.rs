//! A stream as a body that can be sent a second time, as long as what was sent of it stays within a bound.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use std::sync::Mutex as StdMutex;
use tokio::sync::Mutex;

use crate::Error;
use crate::error::ErrorKind;

/// How much of a stream is kept for a second sending.
const KEPT: usize = 8 * 1024 * 1024;

/// The chunks of a stream; an error is the caller's own.
pub(crate) type Chunks = BoxStream<'static, Result<Bytes, Error>>;

/// A stream, and what has been read of it.
#[derive(Clone)]
pub(crate) struct Replayable(Arc<Shared>);

struct Shared {
    tape: Mutex<Tape>,
    state: StdMutex<State>,
    limit: usize,
}

struct Tape {
    source: Chunks,
    kept: Vec<Bytes>,
}

#[derive(Default)]
struct State {
    read: usize,
    failure: Option<Error>,
}

impl Replayable {
    /// A stream that can be sent again as long as no more than `KEPT` of it was read.
    pub(crate) fn new(source: Chunks) -> Self {
        Self::keeping(source, KEPT)
    }

    /// A stream that is sent once.
    pub(crate) fn once(source: Chunks) -> Self {
        Self::keeping(source, 0)
    }

    fn keeping(source: Chunks, limit: usize) -> Self {
        let tape = Mutex::new(Tape {
            source,
            kept: Vec::new(),
        });
        Self(Arc::new(Shared {
            tape,
            state: StdMutex::default(),
            limit,
        }))
    }

    /// The whole stream, from its first byte.
    pub(super) fn play(&self) -> Result<BoxStream<'static, io::Result<Bytes>>, Error> {
        if !self.is_whole() {
            return Err(ErrorKind::UploadNotRepeatable.into());
        }
        let shared = Arc::clone(&self.0);
        Ok(
            stream::unfold((shared, 0), |(shared, position)| async move {
                let chunk = next(&shared, position).await?;
                Some((chunk, (shared, position + 1)))
            })
            .boxed(),
        )
    }

    /// Whether all that was read is still there.
    pub(super) fn is_whole(&self) -> bool {
        self.0.with_state(|state| state.read <= self.0.limit)
    }

    /// Why the stream broke off, if it did.
    pub(super) fn failure(&self) -> Option<Error> {
        self.0.with_state(|state| state.failure.take())
    }
}

impl Shared {
    fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        // The state is two plain fields: a panic elsewhere cannot have left it half changed.
        let mut state = self
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        look(&mut state)
    }
}

async fn next(shared: &Shared, position: usize) -> Option<io::Result<Bytes>> {
    let mut tape = shared.tape.lock().await;
    if let Some(chunk) = tape.kept.get(position) {
        return Some(Ok(chunk.clone()));
    }
    match tape.source.next().await? {
        Ok(chunk) => {
            let read = shared.with_state(|state| {
                state.read = state.read.saturating_add(chunk.len());
                state.read
            });
            if read <= shared.limit {
                tape.kept.push(chunk.clone());
            } else {
                tape.kept = Vec::new();
            }
            Some(Ok(chunk))
        }
        Err(error) => {
            shared.with_state(|state| state.failure = Some(error));
            Some(Err(io::Error::other("the source of the body failed")))
        }
    }
}
