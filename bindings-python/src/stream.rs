//! A stream of bytes that the core hands out, of which Python asks for one chunk after another.

use std::sync::{Arc, Mutex, PoisonError};

use digime_sdk::binding::{LaterSteps, Step};
use digime_sdk::digime::ByteStream;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use tokio_util::sync::CancellationToken;

use crate::bridge::Bridge;
use crate::runtime::{OfProcess, Runtime};

/// Makes Python's exception of an error in the midst of a stream.
type Failing = dyn Fn(Python<'_>, &digime_sdk::Error) -> PyErr + Send + Sync;

/// Makes Python's form of a step.
type Stepping = dyn Fn(Python<'_>, Step) -> PyResult<Py<PyTuple>> + Send + Sync;

/// The stream, until it is closed.
#[pyclass(frozen, module = "digime_sdk._native")]
pub struct NativeStream {
    stream: OfProcess<Mutex<Option<ByteStream>>>,
    later: OfProcess<LaterSteps>,
    closed: CancellationToken,
    failing: Arc<Failing>,
    stepping: Arc<Stepping>,
}

#[pymethods]
impl NativeStream {
    /// Waits for the next chunk with the GIL released; none at the end. A signal's handler may end the wait by raising.
    fn next_blocking<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let stream = self.stream()?;
        let next = self.until_closed(async move { stream?.next().await });
        match Runtime::current(py)?.wait(py, next)?.transpose() {
            Ok(chunk) => Ok(chunk.map(|chunk| PyBytes::new(py, &chunk))),
            Err(error) => Err((self.failing)(py, &error)),
        }
    }

    /// The next chunks as a future of the bridge's event loop: a list of all that have come, empty at the end.
    fn next<'py>(&self, bridge: &Bound<'py, Bridge>) -> PyResult<Bound<'py, PyAny>> {
        let failing = Arc::clone(&self.failing);
        let stream = self.stream()?;
        let next = self.until_closed(async move { Some(stream?.next_chunks().await) });
        Bridge::spawn(bridge, next, move |py, chunks| {
            match chunks.unwrap_or(Ok(Vec::new())) {
                Ok(chunks) => {
                    let chunks = chunks.iter().map(|chunk| PyBytes::new(py, chunk));
                    Ok(PyList::new(py, chunks.collect::<Vec<_>>())?
                        .into_any()
                        .unbind())
                }
                Err(error) => Err(failing(py, &error)),
            }
        })
    }

    /// Waits for what is still told of the stream, which has ended or was closed: steps that nobody answers.
    fn later_steps_blocking<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let later = self.later.get().cloned().unwrap_or_default();
        let steps = Runtime::current(py)?.wait(py, async move { later.all().await })?;
        Self::steps(py, &*self.stepping, steps)
    }

    /// The same as a future of the bridge's event loop.
    fn later_steps<'py>(&self, bridge: &Bound<'py, Bridge>) -> PyResult<Bound<'py, PyAny>> {
        let stepping = Arc::clone(&self.stepping);
        let later = self.later.get().cloned().unwrap_or_default();
        let steps = async move { later.all().await };
        Bridge::spawn(bridge, steps, move |py, steps| {
            Ok(Self::steps(py, &*stepping, steps)?.into_any().unbind())
        })
    }

    /// Ends the download. Who waits for a chunk gets none.
    fn close(&self) {
        self.closed.cancel();
        if let Some(stream) = self.stream.get() {
            *stream.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

impl NativeStream {
    pub fn new(
        stream: ByteStream,
        failing: impl Fn(Python<'_>, &digime_sdk::Error) -> PyErr + Send + Sync + 'static,
        stepping: impl Fn(Python<'_>, Step) -> PyResult<Py<PyTuple>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            later: OfProcess::new(stream.later_steps()),
            stream: OfProcess::new(Mutex::new(Some(stream))),
            closed: CancellationToken::new(),
            failing: Arc::new(failing),
            stepping: Arc::new(stepping),
        }
    }

    fn steps<'py>(
        py: Python<'py>,
        stepping: &Stepping,
        steps: Vec<Step>,
    ) -> PyResult<Bound<'py, PyList>> {
        let steps = steps.into_iter().map(|step| stepping(py, step));
        PyList::new(py, steps.collect::<PyResult<Vec<_>>>()?)
    }

    fn stream(&self) -> PyResult<Option<ByteStream>> {
        let stream = self.stream.get().ok_or_else(|| {
            PyRuntimeError::new_err(
                "this stream belongs to the process from which this one was forked",
            )
        })?;
        Ok(stream
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    fn until_closed<T: Send + 'static>(
        &self,
        next: impl Future<Output = Option<T>> + Send + 'static,
    ) -> impl Future<Output = Option<T>> + Send + 'static {
        let next = self.closed.clone().run_until_cancelled_owned(next);
        async move { next.await.flatten() }
    }
}
