//! The one tokio runtime of a process: what it does about `os.fork`, and about the interpreter's exit.
//!
//! `os.fork` is called by a thread that is attached to the interpreter. So no lock that is taken and released while attached is
//! held across it; what other threads may hold at that moment lives in an [`OfProcess`].

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::process;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use digime_sdk::connections::ClosedFiles;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::runtime::{self, Builder};

/// How long Ctrl-C waits to be noticed by a thread that is blocked in a call.
const SIGNAL_POLL: Duration = Duration::from_millis(100);

static CURRENT: Mutex<Option<OfProcess<&'static Runtime>>> = Mutex::new(None);

/// A runtime that is never shut down: a call under way must not hold the interpreter's exit up.
pub struct Runtime {
    tokio: runtime::Runtime,
    /// Held by tokio's threads while they are attached; true once they must not be any more.
    exiting: RwLock<bool>,
}

impl Runtime {
    /// The runtime of this process.
    pub fn current(_attached: Python<'_>) -> PyResult<&'static Self> {
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = current.as_ref().and_then(OfProcess::get) {
            return Ok(runtime);
        }
        // Tokio wakes a second thread with each piece of work that it is given, to look for more. Of one call at a time that is most of what it costs
        // beside its signature; what computes for longer has threads of its own.
        let tokio = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .thread_name("digime-sdk")
            .build()?;
        let runtime: &'static Self = Box::leak(Box::new(Self {
            tokio,
            exiting: RwLock::new(false),
        }));
        *current = Some(OfProcess::new(runtime));
        Ok(runtime)
    }

    /// Runs a future on the thread of the caller with the interpreter released. A signal's handler may end it by raising.
    pub fn wait<F>(&self, py: Python<'_>, future: F) -> PyResult<F::Output>
    where
        F: Future + Send,
        F::Output: Send,
    {
        let mut future = pin!(future);
        loop {
            let turn = py.detach(|| {
                let _in_it = self.tokio.enter();
                Waiting::until(future.as_mut(), SIGNAL_POLL)
            });
            if let Some(output) = turn {
                return Ok(output);
            }
            // Outside of the runtime: a signal's handler may well make a call of its own.
            py.check_signals()?;
        }
    }

    /// Runs a future on tokio's threads.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> PyResult<()> {
        // Not waiting, since the caller is attached, and those who hold the lock wait to be.
        if !self.exiting.try_read().is_ok_and(|exiting| !*exiting) {
            let message = "asyncio calls are not possible while the interpreter exits";
            return Err(PyRuntimeError::new_err(message));
        }
        drop(self.tokio.spawn(future));
        Ok(())
    }

    /// Attaches one of tokio's threads for the work, unless the interpreter exits.
    pub fn attach(&self, work: impl FnOnce(Python<'_>)) {
        let exiting = self.exiting.read().unwrap_or_else(PoisonError::into_inner);
        if !*exiting {
            Python::try_attach(work);
        }
    }
}

/// Called before the interpreter exits: from then on none of tokio's threads is attached, since an interpreter that finalizes ends
/// attached threads in the middle of what they do.
#[pyfunction]
pub fn before_exit(py: Python<'_>) {
    let current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = current.as_ref().and_then(OfProcess::get).copied();
    drop(current);
    if let Some(runtime) = runtime {
        py.detach(|| {
            *runtime
                .exiting
                .write()
                .unwrap_or_else(PoisonError::into_inner) = true;
        });
    }
}

/// A thread that waits for a future. A timer of tokio's in place of its own would wake tokio's thread with each call, to be set.
#[derive(Default)]
struct Waiting {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Waiting {
    /// Polls a future for so long; none if it is not there by then.
    fn until<F: Future>(mut future: Pin<&mut F>, patience: Duration) -> Option<F::Output> {
        let waiting = Arc::new(Self::default());
        let waker = Waker::from(Arc::clone(&waiting));
        let begun = Instant::now();
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Some(output);
            }
            let woken = waiting.woken.lock().unwrap_or_else(PoisonError::into_inner);
            let left = patience.checked_sub(begun.elapsed())?;
            let wait = waiting
                .changed
                .wait_timeout_while(woken, left, |woken| !*woken);
            let (mut woken, _) = wait.unwrap_or_else(PoisonError::into_inner);
            if !std::mem::take(&mut *woken) {
                return None;
            }
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

thread_local! {
    /// Of the thread that forks.
    static CLOSED: RefCell<Option<ClosedFiles>> = const { RefCell::new(None) };
}

/// Called before `os.fork`: no store in a file is open in both processes.
#[pyfunction]
pub fn before_fork() {
    // No thread that works on a file is ever attached, so none waits for the one that is.
    CLOSED.set(Some(ClosedFiles::close()));
}

/// Called after `os.fork`, in both processes.
#[pyfunction]
pub fn after_fork() {
    CLOSED.take();
}

/// What works only in the process that made it, since its threads stay there. A forked child neither uses nor drops it.
pub struct OfProcess<T> {
    process: u32,
    value: Option<T>,
}

impl<T> OfProcess<T> {
    pub fn new(value: T) -> Self {
        Self {
            process: process::id(),
            value: Some(value),
        }
    }

    /// The value; none in any other process.
    pub fn get(&self) -> Option<&T> {
        self.value
            .as_ref()
            .filter(|_| self.process == process::id())
    }
}

impl<T> Drop for OfProcess<T> {
    fn drop(&mut self) {
        if self.process != process::id() {
            // Dropping would wait for threads, or take locks held by threads, that are not in this process.
            std::mem::forget(self.value.take());
        }
    }
}
