//! From the core's values to Python's objects.

use std::sync::Arc;

use digime_sdk::dynamic::{Dialect, Step, Value};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};

use crate::stream::NativeStream;

/// What the skin makes of values that Python has no type for.
pub struct Makers {
    /// Given a [`NativeStream`], makes what the application reads.
    pub stream: Py<PyAny>,
    /// Given an error as data, makes an instance of its class.
    pub error: Py<PyAny>,
}

impl Makers {
    /// A step as a tuple that opens with its name.
    pub fn step<'py>(
        self: &Arc<Self>,
        py: Python<'py>,
        step: Step,
    ) -> PyResult<Bound<'py, PyTuple>> {
        match step {
            Step::Done(result) => ("done", self.value(py, result)?).into_pyobject(py),
            Step::Failed(error) => ("failed", self.value(py, error)?).into_pyobject(py),
            Step::Read { path } => ("read", path).into_pyobject(py),
            Step::Invoke { path, argument } => {
                ("invoke", path, self.value(py, argument)?).into_pyobject(py)
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
            Value::Null => py.None().into_bound(py),
            Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
            Value::Integer(value) => value.into_pyobject(py)?.into_any(),
            Value::Float(value) => value.into_pyobject(py)?.into_any(),
            Value::String(text) | Value::Stream(text) | Value::Function(text) => {
                text.into_pyobject(py)?.into_any()
            }
            Value::Bytes(bytes) => PyBytes::new(py, &bytes).into_any(),
            Value::Shared(shared) => self.value(py, Value::clone(&shared))?,
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
            Value::Output(stream) => self
                .stream
                .bind(py)
                .call1((NativeStream::new(stream, Arc::clone(self)),))?,
            Value::Failure(error) => self.error(py, &error)?,
        })
    }
}
