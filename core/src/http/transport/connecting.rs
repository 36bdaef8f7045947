//! How long it may take to connect: as long as the attempt says that waits for it, whatever pool the connection is for.

use std::error::Error as StdError;
use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tower_service::Service;

tokio::task_local! {
    /// In the attempt that is being sent. The HTTP client begins to connect in its task.
    static TIME: Duration;
}

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// Does the work, which has so much time to connect.
pub(super) fn within<F: Future>(time: Duration, work: F) -> impl Future<Output = F::Output> {
    TIME.scope(time, work)
}

/// It took too long.
#[derive(Debug)]
pub(super) struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there was no connection in time")
    }
}

impl StdError for TooSlow {}

/// Makes connections within the time of the attempt.
#[derive(Clone)]
pub(super) struct InTime<S>(pub S);

impl<S, R> Service<R> for InTime<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "names, TCP and TLS are the real network's, and so is their time"
    )]
    fn call(&mut self, to: R) -> Self::Future {
        let time = TIME.try_with(|time| *time).unwrap_or(Duration::MAX);
        // A connection on the same machine may be there before anybody looks at the time.
        if time.is_zero() {
            return Box::pin(async { Err(TooSlow.into()) });
        }
        let connecting = self.0.call(to);
        Box::pin(async move {
            let connected = tokio::time::timeout(time, connecting).await;
            connected.unwrap_or_else(|_| Err(TooSlow.into()))
        })
    }
}
