//! Work on a stream that goes on beside whoever reads it, and ends with it.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::sync::mpsc;

use super::{World, broke_off};
use crate::Error;

impl World {
    /// Does the work in a task of its own and gives what it sends, of which so much may wait to be read. An error that ends the work
    /// comes last, and a panic is one: what was sent before it must not pass for the whole.
    pub(crate) fn beside<T, F>(
        &self,
        waiting: usize,
        work: impl FnOnce(mpsc::Sender<Result<T, Error>>) -> F,
    ) -> mpsc::Receiver<Result<T, Error>>
    where
        T: Send + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let (outgoing, incoming) = mpsc::channel(waiting);
        let reader = outgoing.clone();
        let work = AssertUnwindSafe(work(outgoing)).catch_unwind();
        self.tasks.spawn(Box::pin(async move {
            let ended = tokio::select! {
                // First, so that it has begun when it is dropped, and can tell what has become of it.
                biased;
                ended = work => ended,
                // Whoever read has gone: nothing is to be waited for any more.
                () = reader.closed() => return,
            };
            if let Err(error) = ended.unwrap_or_else(|_panic| Err(broke_off())) {
                // Whoever read may have gone.
                let _ = reader.send(Err(error)).await;
            }
        }));
        incoming
    }
}
