//! From tokio's threads back to an asyncio event loop: however much work ends at once, the loop is woken once.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use pyo3::exceptions::PyReferenceError;
use pyo3::intern;
use pyo3::panic::PanicException;
use pyo3::prelude::*;
use pyo3::types::{PyWeakrefMethods, PyWeakrefReference};

use crate::runtime::{OfProcess, Runtime};

/// Makes the result of work that has ended.
type Ended = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// A future of the event loop, and what it is to end with.
type Awaited = (Py<PyAny>, Ended);

/// The way back to one event loop, which it does not keep alive. Called by the loop, it hands over what has ended.
#[pyclass(frozen, module = "digime_sdk._native")]
pub struct Bridge {
    event_loop: Py<PyWeakrefReference>,
    ended: OfProcess<Mutex<Vec<Awaited>>>,
}

#[pymethods]
impl Bridge {
    #[new]
    fn new(event_loop: &Bound<'_, PyAny>) -> PyResult<Self> {
        let event_loop = PyWeakrefReference::new(event_loop)?.unbind();
        Ok(Self {
            event_loop,
            ended: OfProcess::new(Mutex::default()),
        })
    }

    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let mut outcome = Ok(());
        for (future, ended) in self.take() {
            let future = future.bind(py);
            if future.call_method0(intern!(py, "done"))?.is_truthy()? {
                continue;
            }
            let handed = match ended(py) {
                Ok(result) => future.call_method1(intern!(py, "set_result"), (result,)),
                Err(error) => future.call_method1(intern!(py, "set_exception"), (error,)),
            };
            // Of a loop that is closed the future is done all the same, and only nobody is told.
            outcome = outcome.and(handed.map(drop));
        }
        outcome
    }
}

impl Bridge {
    /// Does the work on tokio's threads. Gives a future of the event loop, which ends with what `into_python` makes of the outcome,
    /// on the thread of the loop.
    pub fn spawn<'py, T: Send + 'static>(
        bridge: &Bound<'py, Self>,
        work: impl Future<Output = T> + Send + 'static,
        into_python: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = bridge.py();
        let future = bridge
            .get()
            .event_loop(py)?
            .call_method0(intern!(py, "create_future"))?;
        let (bridge, awaited) = (bridge.clone().unbind(), future.clone().unbind());
        let runtime = Runtime::current(py)?;
        runtime.spawn(async move {
            let outcome = AssertUnwindSafe(work).catch_unwind().await;
            let ended: Ended = Box::new(move |py| match outcome {
                Ok(outcome) => into_python(py, outcome),
                Err(panic) => Err(panicked(&*panic)),
            });
            Self::end(runtime, &bridge, awaited, ended);
        })?;
        Ok(future)
    }

    /// Ends the future on the thread of the event loop.
    fn end(runtime: &Runtime, bridge: &Py<Self>, future: Py<PyAny>, ended: Ended) {
        let Some(mut waiting) = bridge.get().lock() else {
            return;
        };
        waiting.push((future, ended));
        let first = waiting.len() == 1;
        drop(waiting);
        if first {
            runtime.attach(|py| {
                if bridge.get().wake(py, bridge).is_err() {
                    // The loop is closed or gone, and with it whoever waited for these. Work that outlives its call goes on elsewhere.
                    let _ = bridge.get().__call__(py);
                    let _ = py
                        .import(intern!(py, "digime_sdk._closing"))
                        .and_then(|closing| closing.call_method0(intern!(py, "take_over")));
                }
            });
        }
    }

    fn wake(&self, py: Python<'_>, drain: &Py<Self>) -> PyResult<()> {
        self.event_loop(py)?
            .call_method1(intern!(py, "call_soon_threadsafe"), (drain,))
            .map(drop)
    }

    fn event_loop<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.event_loop
            .bind(py)
            .upgrade()
            .ok_or_else(|| PyReferenceError::new_err("the event loop is gone"))
    }

    fn take(&self) -> Vec<Awaited> {
        self.lock()
            .map_or_else(Vec::new, |mut waiting| std::mem::take(&mut *waiting))
    }

    /// Held without waiting for anything, the interpreter least of all.
    fn lock(&self) -> Option<MutexGuard<'_, Vec<Awaited>>> {
        let ended = self.ended.get()?;
        Some(ended.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn panicked(panic: &(dyn Any + Send)) -> PyErr {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    PanicException::new_err(message.unwrap_or("panic in the core").to_owned())
}
