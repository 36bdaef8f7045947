//! The body of a request on its way out, and whether anything moves: a long upload is not an idle one.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};
use http_body::{Frame, SizeHint};

use super::{Body, TransportFailure};

/// How much of a body that is there whole is sent at a time.
const CHUNK: usize = 64 * 1024;

/// What a request is doing.
#[derive(Clone, Default)]
pub(super) struct Activity(Arc<Doing>);

#[derive(Default)]
struct Doing {
    chunks_sent: AtomicU64,
    /// Nothing can be sent since the application has not given its next chunk.
    waits_for_application: AtomicBool,
}

impl Activity {
    /// Waits for an answer, as long as no pause is longer than `idle`.
    pub(super) async fn watch<F: Future>(
        &self,
        answer: F,
        idle: Duration,
    ) -> Result<F::Output, TransportFailure> {
        let mut answer = std::pin::pin!(answer);
        loop {
            let sent = self.0.chunks_sent.load(Ordering::Relaxed);
            if let Ok(answer) = tokio::time::timeout(idle, &mut answer).await {
                return Ok(answer);
            }
            let moves = self.0.chunks_sent.load(Ordering::Relaxed) != sent;
            if !moves && !self.0.waits_for_application.load(Ordering::Relaxed) {
                return Err(TransportFailure::Timeout {
                    phase: "idle",
                    after: idle,
                });
            }
        }
    }
}

/// A body being sent.
pub(super) struct Outgoing {
    /// In a mutex that is never locked, since the HTTP client wants what it sends to be `Sync`.
    chunks: Mutex<BoxStream<'static, io::Result<Bytes>>>,
    length: Option<u64>,
    activity: Activity,
}

impl Outgoing {
    /// None for no body.
    pub(super) fn new(body: Body, activity: &Activity) -> Option<Self> {
        let (chunks, length) = match body {
            Body::Empty => return None,
            Body::Bytes(bytes) => {
                let length = Some(bytes.len() as u64);
                let chunks = stream::unfold(bytes, |mut rest| async move {
                    let chunk = rest.split_to(rest.len().min(CHUNK));
                    (!chunk.is_empty()).then_some((chunk, rest))
                });
                (chunks.map(Ok).boxed(), length)
            }
            Body::Stream(chunks) => (chunks, None),
        };
        Some(Self {
            chunks: Mutex::new(chunks),
            length,
            activity: activity.clone(),
        })
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let doing = Arc::clone(&self.activity.0);
        doing.waits_for_application.store(true, Ordering::Relaxed);
        let chunk = ready!(
            self.chunks
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .poll_next_unpin(context)
        );
        doing.waits_for_application.store(false, Ordering::Relaxed);
        doing.chunks_sent.fetch_add(1, Ordering::Relaxed);
        let chunk = chunk.map(|chunk| chunk.map(Frame::data));
        if let (Some(Ok(frame)), Some(rest)) = (&chunk, self.length) {
            let sent = frame.data_ref().map_or(0, Bytes::len) as u64;
            self.length = Some(rest.saturating_sub(sent));
        }
        Poll::Ready(chunk)
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
