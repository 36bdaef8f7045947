//! The real clock, randomness and tasks: the one place that asks the system for them.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where the world is real"
)]

use std::io;
use std::sync::LazyLock;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use aws_lc_rs::rand::{SecureRandom, SystemRandom as Secure};
use futures_util::future::{AbortHandle, Abortable, BoxFuture};

use super::{Clock, Random, Tasks};
use crate::Error;

pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn steady(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub(super) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        aws_lc_rs::rand::fill(bytes)
            .map_err(|_| Error::sdk("the operating system gives no randomness"))
    }
}

pub(super) fn secure_random() -> &'static dyn SecureRandom {
    static SECURE: LazyLock<Secure> = LazyLock::new(Secure::new);
    &*SECURE
}

pub(super) struct TokioTasks;

impl Tasks for TokioTasks {
    fn spawn(&self, work: BoxFuture<'static, ()>) {
        drop(tokio::spawn(work));
    }

    fn block(&self, work: Box<dyn FnOnce() + Send>) {
        drop(tokio::task::spawn_blocking(work));
    }
}

/// A thread of a database's own, since one that waits for a lock must keep no other work waiting.
pub(crate) fn own_thread(work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let thread = thread::Builder::new().name("digime-sdk-store".to_owned());
    thread.spawn(work)
}

/// Lets a thread of a database's own rest.
pub(crate) fn rest(pause: Duration) {
    thread::sleep(pause);
}

/// What keeps a connection to a database going, until it ends or is ended.
pub(crate) fn keep_going(work: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
    let (going, registration) = AbortHandle::new_pair();
    drop(tokio::spawn(Abortable::new(work, registration)));
    going
}

/// Waits for a database; none if that takes too long. Disks and networks keep to the real time, whatever a test's clock says.
pub(crate) async fn within<T>(patience: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(patience, work).await.ok()
}
