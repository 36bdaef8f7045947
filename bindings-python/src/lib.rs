//! The Python module `digime_sdk._native`: clients and calls of the core, which knows every operation by name.

mod bridge;
mod from_py;
mod runtime;
mod to_py;

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use digime_sdk::Client;
use digime_sdk::dynamic::{self, Call, Dialect, Value};
use futures_util::FutureExt;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tokio::time::timeout;

use bridge::Bridge;
use from_py::{Given, Unfit};
use runtime::{OfProcess, Runtime, before_exit};

/// How long Ctrl-C waits to be noticed by a thread that is blocked in a call.
const SIGNAL_POLL: Duration = Duration::from_millis(100);

/// Opens a client: `("done", client, hosts)`, `hosts` being the functions of the configuration by their paths, or `("failed", error)`,
/// or `("refused", path, reason)`.
#[pyfunction]
fn open<'py>(config: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    let py = config.py();
    let Given {
        value: config,
        hosts,
    } = match from_py::config(config) {
        Ok(given) => given,
        Err(unfit) => return refuse(py, unfit),
    };
    match dynamic::open(config.clone(), Dialect::Python) {
        Ok(client) => {
            let client = NativeClient {
                config,
                client: Mutex::new(OfProcess::new(client)),
            };
            ("done", client, hosts).into_pyobject(py)
        }
        Err(error) => to_py::failed(py, &error),
    }
}

/// A client of the core, with the configuration from which a forked child opens its own.
#[pyclass(frozen, module = "digime_sdk._native")]
struct NativeClient {
    config: Value,
    client: Mutex<OfProcess<Client>>,
}

#[pymethods]
impl NativeClient {
    /// Prepares a call: `("done", call, hosts)`, `hosts` being the streams and functions of the options by their paths, or
    /// `("failed", error)`, or `("refused", path, reason)`.
    fn start<'py>(&self, name: &str, options: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        let py = options.py();
        let Given {
            value: options,
            hosts,
        } = match from_py::options(options) {
            Ok(given) => given,
            Err(unfit) => return refuse(py, unfit),
        };
        match self.client() {
            Ok(client) => {
                let call = Arc::new(Call::start(&client, name, options, Dialect::Python));
                (
                    "done",
                    NativeCall {
                        call: OfProcess::new(call),
                    },
                    hosts,
                )
                    .into_pyobject(py)
            }
            Err(error) => to_py::failed(py, &error),
        }
    }
}

impl NativeClient {
    fn client(&self) -> Result<Client, digime_sdk::Error> {
        let mut slot = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = slot.get() {
            return Ok(client.clone());
        }
        let client = dynamic::open(self.config.clone(), Dialect::Python)?;
        *slot = OfProcess::new(client.clone());
        Ok(client)
    }
}

/// A call under way.
#[pyclass(frozen, module = "digime_sdk._native")]
struct NativeCall {
    call: OfProcess<Arc<Call>>,
}

#[pymethods]
impl NativeCall {
    /// Waits for the next step with the GIL released; a signal's handler may end the wait by raising.
    #[pyo3(signature = (reply=None))]
    fn next_blocking<'py>(
        &self,
        py: Python<'py>,
        reply: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let call = self.call()?;
        let reply = reply.map(from_py::reply).transpose()?;
        let runtime = Runtime::current(py)?;
        let mut step = pin!(call.next(reply));
        loop {
            if let Ok(step) =
                py.detach(|| runtime.block_on(async { timeout(SIGNAL_POLL, step.as_mut()).await }))
            {
                return to_py::step(py, step);
            }
            // Outside of `block_on`: a signal's handler may well make a call of its own.
            py.check_signals()?;
        }
    }

    /// The next step as a future of the bridge's event loop.
    #[pyo3(signature = (bridge, reply=None))]
    fn next<'py>(
        &self,
        bridge: &Bound<'py, Bridge>,
        reply: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = bridge.py();
        let call = Arc::clone(self.call()?);
        let reply = reply.map(from_py::reply).transpose()?;
        let future = bridge.get().future(py)?;
        let (bridge, awaited) = (bridge.clone().unbind(), future.clone().unbind());
        let runtime = Runtime::current(py)?;
        runtime.spawn(async move {
            let ended = AssertUnwindSafe(call.next(reply)).catch_unwind().await;
            Bridge::end(runtime, &bridge, awaited, ended);
        })?;
        Ok(future)
    }

    /// Ends the call: its request is dropped at once.
    fn close(&self) {
        if let Some(call) = self.call.get() {
            call.close();
        }
    }
}

impl NativeCall {
    fn call(&self) -> PyResult<&Arc<Call>> {
        let elsewhere = || {
            PyRuntimeError::new_err(
                "this call belongs to the process from which this one was forked",
            )
        };
        self.call.get().ok_or_else(elsewhere)
    }
}

/// What Python has to say itself, in its caller's own spelling: `("refused", path, reason)`.
fn refuse(py: Python<'_>, unfit: Unfit) -> PyResult<Bound<'_, PyTuple>> {
    match unfit {
        Unfit::Refused { path, reason } => ("refused", path, reason).into_pyobject(py),
        Unfit::Raised(error) => Err(error),
    }
}

// Forks are safe because threads that hold a lock hold the interpreter's too: see `runtime`.
#[pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use super::{Bridge, NativeCall, NativeClient, before_exit, open};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python gives it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
