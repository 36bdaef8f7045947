//! From the core's values to Python's objects.

use digime_sdk::dynamic::{Dialect, Step, Value};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};

/// A step as a tuple that opens with its name.
pub fn step(py: Python<'_>, step: Step) -> PyResult<Bound<'_, PyTuple>> {
    match step {
        Step::Done(result) => ("done", value(py, result)?).into_pyobject(py),
        Step::Failed(error) => ("failed", value(py, error)?).into_pyobject(py),
        Step::Read { path } => ("read", path).into_pyobject(py),
        Step::Invoke { path, argument } => ("invoke", path, value(py, argument)?).into_pyobject(py),
        Step::Closed => ("closed",).into_pyobject(py),
    }
}

/// The step with which something fails that never got as far as being a call.
pub fn failed<'py>(py: Python<'py>, error: &digime_sdk::Error) -> PyResult<Bound<'py, PyTuple>> {
    step(py, Step::Failed(error.to_value(Dialect::Python)))
}

fn value(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
        Value::Integer(value) => value.into_pyobject(py)?.into_any(),
        Value::Float(value) => value.into_pyobject(py)?.into_any(),
        Value::String(text) | Value::Stream(text) | Value::Function(text) => {
            text.into_pyobject(py)?.into_any()
        }
        Value::Bytes(bytes) => PyBytes::new(py, &bytes).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(self::value(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(members) => {
            let dict = PyDict::new(py);
            for (name, member) in members {
                dict.set_item(name, self::value(py, member)?)?;
            }
            dict.into_any()
        }
    })
}
