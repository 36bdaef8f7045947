//! A stream of bytes that the core hands out, of which Python asks for one chunk after another.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use digime_sdk::Error;
use digime_sdk::digime::ByteStream;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tokio_util::sync::CancellationToken;

use crate::bridge::Bridge;
use crate::runtime::{OfProcess, Runtime};
use crate::to_py::Makers;

/// A chunk, or none at the end.
type Chunk = Option<Result<Bytes, Error>>;

/// The stream, until it is closed.
#[pyclass(frozen, module = "digime_sdk._native")]
pub struct NativeStream {
    stream: OfProcess<Mutex<Option<ByteStream>>>,
    closed: CancellationToken,
    makers: Arc<Makers>,
}

#[pymethods]
impl NativeStream {
    /// Waits for the next chunk with the GIL released; a signal's handler may end the wait by raising.
    fn next_blocking<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let chunk = Runtime::current(py)?.wait(py, self.next_chunk()?)?;
        into_python(py, chunk, &self.makers)
    }

    /// The next chunk as a future of the bridge's event loop.
    fn next<'py>(&self, bridge: &Bound<'py, Bridge>) -> PyResult<Bound<'py, PyAny>> {
        let makers = Arc::clone(&self.makers);
        Bridge::spawn(bridge, self.next_chunk()?, move |py, chunk| {
            let chunk = into_python(py, chunk, &makers)?;
            Ok(chunk.into_pyobject(py)?.unbind())
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
    pub fn new(stream: ByteStream, makers: Arc<Makers>) -> Self {
        Self {
            stream: OfProcess::new(Mutex::new(Some(stream))),
            closed: CancellationToken::new(),
            makers,
        }
    }

    fn next_chunk(&self) -> PyResult<impl Future<Output = Chunk> + Send + 'static> {
        let stream = self.stream.get().ok_or_else(|| {
            PyRuntimeError::new_err(
                "this stream belongs to the process from which this one was forked",
            )
        })?;
        let stream = stream
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let closed = self.closed.clone();
        Ok(async move {
            let stream = stream?;
            closed.run_until_cancelled(stream.next()).await.flatten()
        })
    }
}

fn into_python<'py>(
    py: Python<'py>,
    chunk: Chunk,
    makers: &Arc<Makers>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    match chunk.transpose() {
        Ok(chunk) => Ok(chunk.map(|chunk| PyBytes::new(py, &chunk))),
        Err(error) => Err(PyErr::from_value(makers.error(py, &error)?)),
    }
}
