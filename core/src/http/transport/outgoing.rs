//! The body of a request in the form in which the HTTP client takes it.

use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http_body::{Frame, SizeHint};

use super::Body;

/// A body being sent.
pub(super) struct Outgoing {
    /// In a mutex that is never locked, since the HTTP client wants what it sends to be `Sync`.
    chunks: Mutex<BoxStream<'static, io::Result<Bytes>>>,
    left: Option<u64>,
}

impl Outgoing {
    /// None for no body.
    pub(super) fn new(body: Body) -> Option<Self> {
        match body {
            Body::Empty => None,
            Body::Stream { length, chunks } => Some(Self {
                chunks: Mutex::new(chunks),
                left: length,
            }),
        }
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let chunk = ready!(
            self.chunks
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .poll_next_unpin(context)
        );
        if let (Some(Ok(chunk)), Some(left)) = (&chunk, self.left) {
            self.left = Some(left.saturating_sub(chunk.len() as u64));
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
