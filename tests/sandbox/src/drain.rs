//! Reads on after an early answer. A client that is still writing when its connection is closed sees a reset instead
//! of the answer, so a body that a handler gives up is drained, up to a bound.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{Stream, StreamExt};

/// Beyond this the connection is closed, or a client could keep it for ever.
const BOUND: usize = 256 * 1024 * 1024;

/// Gives the handlers a body that they may drop at any time.
pub async fn drain(request: Request, next: Next) -> Response {
    let request = request.map(|body| {
        Body::from_stream(Draining {
            unread: Some(body.into_data_stream()),
        })
    });
    next.run(request).await
}

/// A body; `None` once it was read to its end.
struct Draining {
    unread: Option<BodyDataStream>,
}

impl Stream for Draining {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(unread) = &mut self.unread else {
            return Poll::Ready(None);
        };
        let polled = unread.poll_next_unpin(context);
        if let Poll::Ready(None | Some(Err(_))) = polled {
            self.unread = None;
        }
        polled
    }
}

impl Drop for Draining {
    fn drop(&mut self) {
        if let Some(mut unread) = self.unread.take() {
            tokio::spawn(async move {
                let mut left = BOUND;
                while let Some(Ok(chunk)) = unread.next().await {
                    let Some(rest) = left.checked_sub(chunk.len()) else {
                        break;
                    };
                    left = rest;
                }
            });
        }
    }
}
