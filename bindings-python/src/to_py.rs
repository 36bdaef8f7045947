//! From the core's values to Python's objects.

use std::sync::{Arc, Mutex, PoisonError};

use digime_sdk::binding::{Dialect, Step, Value};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::large_bytes;
use crate::opaque::Opaque;
use crate::stream::NativeStream;

/// What the skin makes of values that Python has no type for, and what was made of one already.
pub struct Makers {
    /// Given a [`NativeStream`], makes what the application reads.
    stream: Py<PyAny>,
    /// Given an error as data, makes an instance of its class.
    error: Py<PyAny>,
    /// Given the text of a document, in what shows none of it, and `parse_float`, reads it.
    document: Py<PyAny>,
    /// What the application has numbers with a point or a power made of: None for `float`.
    parse_float: Py<PyAny>,
    /// The value that came last of those that come again and again.
    shared: Mutex<Option<(Arc<Value>, Py<PyAny>)>>,
}

impl Makers {
    pub fn new(
        stream: Py<PyAny>,
        error: Py<PyAny>,
        document: Py<PyAny>,
        parse_float: Py<PyAny>,
    ) -> Self {
        Self {
            stream,
            error,
            document,
            parse_float,
            shared: Mutex::default(),
        }
    }

    /// The same for one call, which remembers what it has made.
    pub fn for_call(&self, parse_float: &Bound<'_, PyAny>, error: &Bound<'_, PyAny>) -> Self {
        let py = parse_float.py();
        Self::new(
            self.stream.clone_ref(py),
            error.clone().unbind(),
            self.document.clone_ref(py),
            parse_float.clone().unbind(),
        )
    }

    /// A value that comes again and again is converted once.
    fn shared<'py>(
        self: &Arc<Self>,
        py: Python<'py>,
        shared: &Arc<Value>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let last = || self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, made)) = &*last()
            && Arc::ptr_eq(value, shared)
        {
            return Ok(made.bind(py).clone());
        }
        let made = self.value(py, Value::clone(shared))?;
        *last() = Some((Arc::clone(shared), made.clone().unbind()));
        Ok(made)
    }

    /// A step as a tuple that opens with its name.
    pub fn step<'py>(
        self: &Arc<Self>,
        py: Python<'py>,
        step: Step,
    ) -> PyResult<Bound<'py, PyTuple>> {
        match step {
            Step::Done(result) => {
                ("done", Opaque::around(self.value(py, result)?)?).into_pyobject(py)
            }
            Step::Failed(error) => {
                ("failed", Opaque::around(self.value(py, error)?)?).into_pyobject(py)
            }
            // Python's bytes are never kept back: they cannot change.
            Step::Read { path } | Step::ReadKept { path, .. } => ("read", path).into_pyobject(py),
            Step::Invoke { path, argument } => {
                ("invoke", path, Opaque::around(self.value(py, argument)?)?).into_pyobject(py)
            }
            Step::Closed => ("closed",).into_pyobject(py),
        }
    }

    /// The step with which something fails that never got as far as being a call.
    pub fn failed<'py>(
        self: &Arc<Self>,
        py: Python<'py>,
        error: &digime_sdk::Error,
    ) -> PyResult<Bound<'py, PyTuple>> {
        self.step(py, Step::Failed(error.to_value(Dialect::Python)))
    }

    /// An instance of the error's class.
    pub fn error<'py>(
        self: &Arc<Self>,
        py: Python<'py>,
        error: &digime_sdk::Error,
    ) -> PyResult<Bound<'py, PyAny>> {
        let data = self.value(py, error.to_value(Dialect::Python))?;
        self.error.bind(py).call1((data,))
    }

    fn value<'py>(self: &Arc<Self>, py: Python<'py>, value: Value) -> PyResult<Bound<'py, PyAny>> {
        Ok(match value {
            // Of these two options alone are made.
            Value::Null | Value::Written(_) | Value::Unfit(_) => py.None().into_bound(py),
            Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
            Value::Integer(value) => value.into_pyobject(py)?.into_any(),
            Value::Float(value) => value.into_pyobject(py)?.into_any(),
            Value::String(text) | Value::Stream(text) | Value::Function(text) => {
                text.into_pyobject(py)?.into_any()
            }
            Value::Json(document) => {
                let text = Opaque::around(document.text().into_pyobject(py)?.into_any())?;
                self.document.bind(py).call1((text, &self.parse_float))?
            }
            Value::Kept { path, .. } => path.into_pyobject(py)?.into_any(),
            Value::Bytes(bytes) => large_bytes::convert(py, bytes)?.into_any(),
            Value::Shared(shared) => self.shared(py, &shared)?,
            Value::Array(items) => {
                let list = PyList::empty(py);
                for item in items {
                    list.append(self.value(py, item)?)?;
                }
                list.into_any()
            }
            Value::Object(members) => {
                let dict = PyDict::new(py);
                for (name, member) in members {
                    dict.set_item(name, self.value(py, member)?)?;
                }
                dict.into_any()
            }
            Value::Output(stream) => {
                let makers = Arc::clone(self);
                let failing = move |py: Python<'_>, error: &digime_sdk::Error| {
                    makers
                        .error(py, error)
                        .map_or_else(|failed| failed, PyErr::from_value)
                };
                let makers = Arc::clone(self);
                let stepping = move |py: Python<'_>, step| makers.step(py, step).map(Bound::unbind);
                let stream = NativeStream::new(stream, failing, stepping);
                self.stream.bind(py).call1((stream,))?
            }
            Value::Failure(error) => self.error(py, &error)?,
            Value::Given { value, .. } => self.value(py, *value)?,
        })
    }
}
