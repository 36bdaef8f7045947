//! The body of a request in the form in which the HTTP client takes it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http_body::{Frame, SizeHint};

use super::Body;

/// A body being sent.
pub(super) struct Outgoing {
    chunks: BoxStream<'static, io::Result<Bytes>>,
    left: Option<u64>,
}

impl From<Body> for Outgoing {
    fn from(body: Body) -> Self {
        match body {
            Body::Empty => Self {
                chunks: stream::empty().boxed(),
                left: Some(0),
            },
            Body::Stream { length, chunks } => Self {
                chunks,
                left: length,
            },
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
        let chunk = ready!(self.chunks.poll_next_unpin(context));
        if let (Some(Ok(chunk)), Some(left)) = (&chunk, self.left) {
            self.left = Some(left.saturating_sub(chunk.len() as u64));
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
