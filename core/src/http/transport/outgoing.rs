//! The body of a request in the form in which the HTTP client takes it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::Request;
use http_body::{Body as _, Frame, SizeHint};
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};

use super::Body;

/// A body being sent. If it breaks off, nothing else is sent over its connection: HTTP/2 would go on with it, but what a server that did not
/// read the rest has still room for is known to neither side, and may be nothing.
pub(super) struct Outgoing {
    chunks: BoxStream<'static, io::Result<Bytes>>,
    left: Option<u64>,
    has_ended: bool,
    connection: Option<CaptureConnection>,
}

impl Outgoing {
    /// The request with its body in this form.
    pub(super) fn request(request: Request<Body>) -> Request<Self> {
        let mut request = request.map(|body| {
            let (left, chunks) = match body {
                Body::Empty => (Some(0), stream::empty().boxed()),
                Body::Stream { length, chunks } => (length, chunks),
            };
            Self {
                chunks,
                left,
                has_ended: false,
                connection: None,
            }
        });
        if !request.body().is_end_stream() {
            request.body_mut().connection = Some(capture_connection(&mut request));
        }
        request
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        if !self.has_ended
            && !self.is_end_stream()
            && let Some(connection) = &self.connection
            && let Some(connected) = &*connection.connection_metadata()
        {
            connected.poison();
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
        self.has_ended = chunk.is_none();
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
