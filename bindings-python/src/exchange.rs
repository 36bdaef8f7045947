//! A request on its way through the application's own transport, as Python has it.

use std::sync::Arc;

use bytes::Bytes;
use digime_sdk::binding::{BrokenOff, Call, Exchange, Value};
use digime_sdk::transport::Sent;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBool, PyBytes};

use crate::bridge::Bridge;
use crate::from_py;
use crate::runtime::{OfProcess, Runtime};

/// A request that the application's transport carries, and what becomes of it. Dropped without an end, it has failed.
#[pyclass(frozen, module = "digime_sdk._native")]
pub struct NativeExchange {
    exchange: OfProcess<Arc<Exchange>>,
}

/// Hands each request of a call to `begin`, which carries it elsewhere, until there will be no more.
pub fn carry_all(py: Python<'_>, call: Arc<Call>, begin: Py<PyAny>) -> PyResult<()> {
    let runtime = Runtime::current(py)?;
    runtime.spawn(async move {
        while let Some(exchange) = call.exchange().await {
            let exchange = Arc::new(exchange);
            let mut is_carried = false;
            runtime.attach(|py| {
                let exchange = OfProcess::new(Arc::clone(&exchange));
                is_carried = begin.call1(py, (NativeExchange { exchange },)).is_ok();
            });
            if !is_carried {
                // The event loop is closed, or the interpreter exits.
                exchange.fail(None, Sent::Nothing);
            }
        }
        runtime.attach(|_| drop(begin));
    })
}

#[pymethods]
impl NativeExchange {
    /// The method.
    #[getter]
    fn method(&self) -> PyResult<&str> {
        Ok(self.exchange()?.method())
    }

    /// The address.
    #[getter]
    fn url(&self) -> PyResult<&str> {
        Ok(self.exchange()?.url())
    }

    /// The headers, by names in lower case, without that of the body's length.
    #[getter]
    fn headers(&self) -> PyResult<Vec<(String, String)>> {
        Ok(self.exchange()?.headers().to_vec())
    }

    /// What is known of the body, if there is one: its length, and whether it may be read before it is about to leave.
    #[getter]
    fn body(&self) -> PyResult<Option<(Option<u64>, bool)>> {
        let body = self.exchange()?.body();
        Ok(body.map(|body| (body.length, body.may_be_read_ahead)))
    }

    /// After how many seconds of silence it is given up.
    #[getter]
    fn idle(&self) -> PyResult<Option<f64>> {
        let idle = self.exchange()?.idle();
        Ok(idle.map(|idle| idle.as_secs_f64()))
    }

    /// Whether nobody waits for it any more.
    #[getter]
    fn is_over(&self) -> bool {
        self.exchange
            .get()
            .is_none_or(|exchange| exchange.is_over())
    }

    /// The next chunk of the body as a future of the bridge's event loop: none at the end, `None` where nothing more is to be sent.
    fn chunk<'py>(&self, bridge: &Bound<'py, Bridge>) -> PyResult<Bound<'py, PyAny>> {
        let chunk = next_chunk(Arc::clone(self.exchange()?));
        Bridge::spawn(bridge, chunk, |py, chunk| {
            Ok(into_python(py, chunk).unbind())
        })
    }

    /// The same, waited for with the GIL released.
    fn chunk_blocking<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let chunk = next_chunk(Arc::clone(self.exchange()?));
        let chunk = Runtime::current(py)?.wait(py, chunk)?;
        Ok(into_python(py, chunk))
    }

    /// Answers with a head: a dict of `status`, `headers`, and whether the body comes `raw`, as it was sent.
    fn answer(&self, head: &Bound<'_, PyAny>) -> PyResult<()> {
        let exchange = self.exchange()?;
        match from_py::answered(head)? {
            Some(head) => exchange.answer(&head),
            None => exchange.misbehave("answered with a head that is none"),
        }
        Ok(())
    }

    /// Hands over bytes of the answer, once there is room for them, as a future of the bridge's event loop: false if nobody reads them.
    fn give<'py>(
        &self,
        bridge: &Bound<'py, Bridge>,
        chunk: PyBackedBytes,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = give(Arc::clone(self.exchange()?), chunk);
        Bridge::spawn(bridge, given, |py, is_read| {
            Ok(PyBool::new(py, is_read).to_owned().unbind().into_any())
        })
    }

    /// The same, waited for with the GIL released.
    fn give_blocking(&self, py: Python<'_>, chunk: PyBackedBytes) -> PyResult<bool> {
        let given = give(Arc::clone(self.exchange()?), chunk);
        Runtime::current(py)?.wait(py, given)
    }

    /// The answer has come to its end.
    fn end(&self) -> PyResult<()> {
        self.exchange()?.end();
        Ok(())
    }

    /// No answer comes, or no more of it, since the network failed: by this name, if it has one.
    #[pyo3(signature = (code, *, is_certain_that_nothing_was_sent))]
    fn fail(&self, code: Option<&str>, is_certain_that_nothing_was_sent: bool) -> PyResult<()> {
        let sent = if is_certain_that_nothing_was_sent {
            Sent::Nothing
        } else {
            Sent::Maybe
        };
        self.exchange()?.fail(code, sent);
        Ok(())
    }

    /// The transport did not keep to what was agreed: `how` goes on from its name.
    fn misbehave(&self, how: &str) -> PyResult<()> {
        self.exchange()?.misbehave(how);
        Ok(())
    }

    /// Ends, as a future of the bridge's event loop, when nobody waits for it any more.
    fn over<'py>(&self, bridge: &Bound<'py, Bridge>) -> PyResult<Bound<'py, PyAny>> {
        let exchange = Arc::clone(self.exchange()?);
        Bridge::spawn(bridge, async move { exchange.over().await }, |py, ()| {
            Ok(py.None())
        })
    }
}

impl NativeExchange {
    fn exchange(&self) -> PyResult<&Arc<Exchange>> {
        let elsewhere = || {
            PyRuntimeError::new_err(
                "this request belongs to the process from which this one was forked",
            )
        };
        self.exchange.get().ok_or_else(elsewhere)
    }
}

/// The next chunk that has a byte.
async fn next_chunk(exchange: Arc<Exchange>) -> Result<Option<Bytes>, BrokenOff> {
    loop {
        match exchange.chunk().await {
            Ok(Some(chunk)) if chunk.is_empty() => {}
            chunk => return chunk,
        }
    }
}

fn into_python(py: Python<'_>, chunk: Result<Option<Bytes>, BrokenOff>) -> Bound<'_, PyAny> {
    match chunk {
        Ok(chunk) => PyBytes::new(py, chunk.as_deref().unwrap_or_default()).into_any(),
        Err(BrokenOff) => py.None().into_bound(py),
    }
}

async fn give(exchange: Arc<Exchange>, chunk: PyBackedBytes) -> bool {
    exchange.give(Value::Bytes(Bytes::from_owner(chunk))).await
}
