//! Work that goes on beside a call: who does it, who waits for it, and what ends it.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Abortable, BoxFuture};
use tokio::sync::oneshot;

use super::World;
use crate::Error;
use crate::closing::UnderWay;

/// Does work beside whoever asks for it.
pub trait Tasks: Send + Sync {
    /// Does the work, which waits for much and computes little.
    fn spawn(&self, work: BoxFuture<'static, ()>);

    /// Does work that computes for a while, where it holds up nothing else. It waits for nothing.
    fn block(&self, work: Box<dyn FnOnce() + Send>);
}

/// Does work where others do it, and counts what is under way.
struct Counted {
    tasks: Arc<dyn Tasks>,
    under_way: UnderWay,
}

impl Tasks for Counted {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        let counted = self.under_way.count();
        self.tasks.spawn(Box::pin(work.map(|()| drop(counted))));
    }

    fn block(&self, work: Box<dyn FnOnce() + Send>) {
        let counted = self.under_way.count();
        self.tasks.block(Box::new(move || {
            work();
            drop(counted);
        }));
    }
}

/// Work under way. Dropped, it goes on.
pub(crate) struct Task<T>(oneshot::Receiver<T>);

impl<T> Future for Task<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        self.0.poll_unpin(context).map_err(|_| broke_off())
    }
}

/// Work under way. Dropped, it ends.
pub(crate) struct Owned<T> {
    task: Task<T>,
    abort: AbortHandle,
}

impl<T> Future for Owned<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        self.task.poll_unpin(context)
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

impl World {
    /// The same world, in which work is counted.
    pub(crate) fn counted(self, under_way: &UnderWay) -> Self {
        let counted = Counted {
            tasks: self.tasks,
            under_way: under_way.clone(),
        };
        Self {
            tasks: Arc::new(counted),
            ..self
        }
    }

    /// Does the work in a task of its own, which nobody's leaving ends.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Task<T> {
        let (ended, end) = oneshot::channel();
        self.tasks.spawn(Box::pin(async move {
            // A panic is told to whoever waits: their end of the channel closes.
            if let Ok(outcome) = AssertUnwindSafe(work).catch_unwind().await {
                // Whoever waited may have gone.
                let _ = ended.send(outcome);
            }
        }));
        Task(end)
    }

    /// Does the work in a task of its own, which ends with whoever waits for it.
    pub(crate) fn spawn_owned<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Owned<T> {
        let (abort, registration) = AbortHandle::new_pair();
        let (ended, end) = oneshot::channel();
        let work = async move {
            if let Ok(outcome) = AssertUnwindSafe(work).catch_unwind().await {
                let _ = ended.send(outcome);
            }
        };
        let work = Abortable::new(work, registration).map(drop);
        self.tasks.spawn(Box::pin(work));
        Owned {
            task: Task(end),
            abort,
        }
    }

    /// Computes for a while, where it holds up nothing else.
    pub(crate) fn block<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Task<T> {
        let (ended, end) = oneshot::channel();
        self.tasks.block(Box::new(move || {
            // As above: a panic closes the channel.
            if let Ok(outcome) = std::panic::catch_unwind(AssertUnwindSafe(work)) {
                let _ = ended.send(outcome);
            }
        }));
        Task(end)
    }
}

/// What a panic is told as.
pub(crate) fn broke_off() -> Error {
    Error::sdk("work of this call broke off")
}
