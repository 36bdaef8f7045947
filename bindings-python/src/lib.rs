//! The Python module `digime_sdk._native`: clients and calls of the core, which knows every operation by name.

mod bridge;
mod exchange;
mod from_py;
mod large_bytes;
mod opaque;
mod runtime;
mod stream;
mod to_py;

use std::sync::{Arc, Mutex, PoisonError};

use digime_sdk::binding::{Call, Client, Config, Dialect};
use digime_sdk::world::EventLevel;
use futures_util::future::Either;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

use bridge::Bridge;
use exchange::NativeExchange;
use from_py::{Given, Unfit, misplaced, nearest, unfit};
use opaque::Opaque;
use runtime::{OfProcess, Runtime, after_fork, before_exit, before_fork};
use stream::NativeStream;
use to_py::Makers;

/// Opens a client of a platform: `("done", client, hosts)`, `hosts` being the functions of the configuration by their paths, or
/// `("failed", error)`, or `("refused", path, reason)`. `stream` is given each [`NativeStream`] that a call answers with, and makes
/// what the application reads; `error` makes an error of its data; `document` is given
/// the text of a document and `parse_float`, and reads it. Whatever may be secret is in an [`Opaque`].
#[pyfunction]
fn open<'py>(
    platform: &str,
    config: &Bound<'py, PyAny>,
    stream: Py<PyAny>,
    error: Py<PyAny>,
    document: Py<PyAny>,
) -> PyResult<Bound<'py, PyTuple>> {
    let py = config.py();
    let makers = Arc::new(Makers::new(stream, error, document, py.None()));
    let Given {
        value: config,
        hosts,
    } = match from_py::config(config) {
        Ok(given) => given,
        Err(unfit) => return refuse(py, unfit),
    };
    let opened = Config::read(platform, config, Dialect::Python)
        .and_then(|config| Ok((Client::open(config.clone())?, config)));
    match opened {
        Ok((client, config)) => {
            let hosts = Opaque::around(hosts.into_any())?;
            let client = NativeClient {
                config,
                client: Mutex::new(OfProcess::new(client)),
                makers,
            };
            ("done", client, hosts).into_pyobject(py)
        }
        Err(error) => misplaced(&hosts, &error)?
            .map_or_else(|| makers.failed(py, &error), |unfit| refuse(py, unfit)),
    }
}

/// A client of the core, with the configuration from which a forked child opens its own.
#[pyclass(frozen, module = "digime_sdk._native")]
struct NativeClient {
    config: Config,
    client: Mutex<OfProcess<Client>>,
    makers: Arc<Makers>,
}

#[pymethods]
impl NativeClient {
    /// Prepares a call: `("done", call, hosts)`, `hosts` being the streams and functions of the options by their paths, or
    /// `("failed", error)`, or `("refused", path, reason)`. `parse_float` is for the documents that it gives, `error` makes an error of its
    /// data.
    fn start<'py>(
        &self,
        name: &str,
        options: &Bound<'py, PyAny>,
        parse_float: &Bound<'py, PyAny>,
        error: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let py = options.py();
        let Given {
            value: options,
            hosts,
        } = match from_py::options(options) {
            Ok(given) => given,
            Err(unfit) => return refuse(py, unfit),
        };
        let started = self
            .client()
            .and_then(|client| Call::start(&client, name, options, Dialect::Python));
        match started {
            Ok(call) => {
                let call = NativeCall {
                    call: OfProcess::new(Arc::new(call)),
                    makers: Arc::new(self.makers.for_call(parse_float, error)),
                    handed: Mutex::default(),
                };
                ("done", call, Opaque::around(hosts.into_any())?).into_pyobject(py)
            }
            Err(error) => misplaced(&hosts, &error)?
                .map_or_else(|| self.makers.failed(py, &error), |unfit| refuse(py, unfit)),
        }
    }

    /// From now on the function that is told of events hears of those from this level on: 0 for all, 1 without what happens all the time, 2 for
    /// warnings, and none of them beyond.
    fn tell_events_from(&self, level: u8) {
        let level = match level {
            0 => Some(EventLevel::Debug),
            1 => Some(EventLevel::Info),
            2 => Some(EventLevel::Warning),
            _ => None,
        };
        self.config.tell_events_from(level);
    }
}

impl NativeClient {
    fn client(&self) -> Result<Client, digime_sdk::Error> {
        let mut slot = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = slot.get() {
            return Ok(client.clone());
        }
        let client = Client::open(self.config.clone())?;
        *slot = OfProcess::new(client.clone());
        Ok(client)
    }
}

/// A call under way.
#[pyclass(frozen, module = "digime_sdk._native")]
struct NativeCall {
    call: OfProcess<Arc<Call>>,
    makers: Arc<Makers>,
    /// The step that was handed out last to plain code, where a signal's handler may raise before it has even a name.
    handed: Mutex<Option<Py<PyTuple>>>,
}

impl NativeCall {
    fn hand(&self, step: Option<Py<PyTuple>>) {
        *self.handed.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }
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
        self.hand(None);
        let step = Runtime::current(py)?.wait(py, call.next(reply))?;
        let step = self.makers.step(py, step)?;
        self.hand(Some(step.clone().unbind()));
        Ok(step)
    }

    /// The step that `next_blocking` gave last, if work that outlives the call, which was closed, still waits for its answer.
    fn unanswered<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyTuple>> {
        let waits = self.call.get().is_some_and(|call| call.awaits_reply());
        let handed = self.handed.lock().unwrap_or_else(PoisonError::into_inner);
        let step = handed.as_ref().filter(|_| waits)?;
        Some(step.clone_ref(py).into_bound(py))
    }

    /// The next step as a future of the bridge's event loop.
    #[pyo3(signature = (bridge, reply=None))]
    fn next<'py>(
        &self,
        bridge: &Bound<'py, Bridge>,
        reply: Option<&Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let call = Arc::clone(self.call()?);
        let reply = reply.map(from_py::reply).transpose()?;
        let makers = Arc::clone(&self.makers);
        let runtime = Runtime::current(bridge.py())?;
        let converting = Arc::clone(&makers);
        let next = async move {
            let step = call.next(reply).await;
            if !large_bytes::are_in(&step) {
                return Either::Left(step);
            }
            // Here, and not on the thread of the event loop.
            let mut object = Err(PyRuntimeError::new_err("the interpreter exits"));
            runtime.attach(|py| object = converting.step(py, step).map(Bound::unbind));
            Either::Right(object)
        };
        Bridge::spawn(bridge, next, move |py, next| {
            let object = match next {
                Either::Left(step) => makers.step(py, step)?.unbind(),
                Either::Right(object) => object?,
            };
            Ok(object.into_any())
        })
    }

    /// Whether the call is over before what its step asks for was read, as a future of the bridge's event loop; false once the next step
    /// is asked for.
    fn overtaken<'py>(&self, bridge: &Bound<'py, Bridge>) -> PyResult<Bound<'py, PyAny>> {
        let overtaken = Arc::clone(self.call()?).overtaken();
        Bridge::spawn(bridge, overtaken, |py, overtaken| {
            Ok(PyBool::new(py, overtaken).to_owned().unbind().into_any())
        })
    }

    /// Hands each request of the call, from now on, to `begin`, which has the application's own transport carry it, on a thread of the
    /// core's, which it must not hold up.
    fn carry(&self, py: Python<'_>, begin: Py<PyAny>) -> PyResult<()> {
        exchange::carry_all(py, Arc::clone(self.call()?), begin)
    }

    /// Asks the call to end soon, with what it has so far.
    fn stop(&self) {
        if let Some(call) = self.call.get() {
            call.stop();
        }
    }

    /// Ends the call: its request is dropped at once. Whether it has steps still, of work that outlives it.
    fn close(&self) -> bool {
        let call = self.call.get();
        call.inspect(|call| call.close())
            .is_some_and(|call| !call.is_over())
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
    use super::{
        Bridge, NativeCall, NativeClient, NativeExchange, NativeStream, Opaque, after_fork,
        before_exit, before_fork, nearest, open, unfit,
    };

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python gives it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
