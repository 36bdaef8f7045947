//! From Python's objects to the core's values. Streams and functions stay behind, under the path at which they stand.

use bytes::Bytes;
use digime_sdk::ErrorKind;
use digime_sdk::binding::{Dialect, Reply, Value};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView,
    PySequence, PyString, PyTuple,
};

/// Deeper nesting than any option has. JSON readers stop at about the same.
const DEEPEST: usize = 128;

/// A path into something that is nested too deeply has a name for each level; this many of them tell enough.
const TELLING_NAMES: usize = 8;

/// What was given to a call or to `init`, and its streams and functions by their paths.
pub struct Given<'py> {
    pub value: Value,
    pub hosts: Bound<'py, PyDict>,
}

/// Why an object does not become a value.
pub enum Unfit {
    /// What stands at the path is nothing that an option can be.
    Refused { path: String, reason: String },
    /// Code of the application's own, a mapping's for one, raised this.
    Raised(PyErr),
}

impl From<PyErr> for Unfit {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// Reads the options of a call.
pub fn options<'py>(object: &Bound<'py, PyAny>) -> Result<Given<'py>, Unfit> {
    read(object, "options")
}

/// Reads a configuration.
pub fn config<'py>(object: &Bound<'py, PyAny>) -> Result<Given<'py>, Unfit> {
    read(object, "config")
}

/// Reads the answer to a step: `("value", object)` or `("failed",)`.
pub fn reply(answer: &Bound<'_, PyTuple>) -> PyResult<Reply> {
    let Ok(object) = answer.get_item(1) else {
        return Ok(Reply::Failed);
    };
    match read(&object, "answer") {
        Ok(given) => Ok(Reply::Value(given.value)),
        // A function may return whatever it likes when nothing is expected of it; where something is, null will not do.
        Err(Unfit::Refused { .. }) => Ok(Reply::Value(Value::Null)),
        Err(Unfit::Raised(error)) => Err(error),
    }
}

/// What a transport answered with; none where it has what nothing understands.
pub fn answered(answer: &Bound<'_, PyAny>) -> PyResult<Option<Value>> {
    match read(answer, "answer") {
        Ok(given) => Ok(Some(given.value)),
        Err(Unfit::Refused { .. }) => Ok(None),
        Err(Unfit::Raised(error)) => Err(error),
    }
}

/// Why an object that a function returned does not become a value, and where: for an answer that has to be understood.
#[pyfunction]
pub fn unfit(answer: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    match read(answer, "answer") {
        Ok(_) => Ok(None),
        Err(Unfit::Refused { path, reason }) => Ok(Some(format!("{path}: {reason}"))),
        Err(Unfit::Raised(error)) => Err(error),
    }
}

/// The keyword that one which is none is meant for, most likely.
#[pyfunction]
#[expect(
    clippy::needless_pass_by_value,
    reason = "what Python hands over is owned"
)]
pub fn nearest(name: &str, known: Vec<String>) -> Option<String> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    digime_sdk::binding::nearest(name, &known).map(str::to_owned)
}

fn read<'py>(object: &Bound<'py, PyAny>, root: &str) -> Result<Given<'py>, Unfit> {
    let hosts = PyDict::new(object.py());
    let mut reader = Reader {
        path: root.to_owned(),
        inside: Vec::new(),
        hosts,
    };
    let value = reader.value(object)?;
    Ok(Given {
        value,
        hosts: reader.hosts,
    })
}

struct Reader<'py> {
    /// Where the object being read stands, in the caller's own spelling.
    path: String,
    /// The containers around it.
    inside: Vec<Bound<'py, PyAny>>,
    hosts: Bound<'py, PyDict>,
}

impl<'py> Reader<'py> {
    fn value(&mut self, object: &Bound<'py, PyAny>) -> Result<Value, Unfit> {
        if object.is_none() {
            Ok(Value::Null)
        } else if let Ok(flag) = object.cast::<PyBool>() {
            Ok(Value::Bool(flag.is_true()))
        } else if let Ok(number) = object.cast::<PyInt>() {
            match number.extract() {
                Ok(number) => Ok(Value::Integer(number)),
                // Python itself writes no more than some thousand digits, and a class of its own whatever it likes.
                Err(_) => self.digits(|| decimal(object.py())?.call1((number,))?.str()),
            }
        } else if let Ok(number) = object.cast::<PyFloat>() {
            let number = number.value();
            if number.is_finite() {
                Ok(Value::Float(number))
            } else {
                Err(self.refused("expected a finite number"))
            }
        } else if let Ok(text) = object.cast::<PyString>() {
            match text.to_cow() {
                Ok(text) => Ok(Value::String(text.into_owned())),
                Err(_) => lone_surrogates(text),
            }
        } else if let Some(bytes) = self.bytes(object)? {
            Ok(Value::Bytes(Bytes::from_owner(bytes)))
        } else if object.is_instance(decimal(object.py())?)? {
            self.digits(|| object.str())
        } else if let Ok(mapping) = object.cast::<PyMapping>() {
            let entries = mapping.items()?;
            self.within(object, |reader| reader.entries(&entries))
                .map(Value::Object)
        } else if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            self.within(object, |reader| reader.items(object))
                .map(Value::Array)
        } else if object.is_callable() {
            Ok(Value::Function(self.host(object)?))
        } else if is_stream(object)? || is_path(object)? {
            Ok(Value::Stream(self.host(object)?))
        } else {
            let reason = not_understood(object)?;
            Err(self.refused(reason))
        }
    }

    /// The bytes of a bytes-like object: shared when they cannot change, copied when they can.
    fn bytes(&self, object: &Bound<'py, PyAny>) -> Result<Option<PyBackedBytes>, Unfit> {
        if object.is_instance_of::<PyBytes>() || object.is_instance_of::<PyByteArray>() {
            Ok(Some(object.extract().map_err(PyErr::from)?))
        } else if object.is_instance_of::<PyMemoryView>() {
            let copy = match object.call_method0("tobytes") {
                Err(error) if error.is_instance_of::<PyValueError>(object.py()) => {
                    return Err(self.refused("the memoryview was released"));
                }
                copy => copy?,
            };
            let copy = copy.cast_into::<PyBytes>().map_err(PyErr::from)?;
            Ok(Some(copy.into()))
        } else {
            Ok(None)
        }
    }

    /// A number by its digits, as it is written in JSON.
    fn digits(
        &self,
        write: impl FnOnce() -> PyResult<Bound<'py, PyString>>,
    ) -> Result<Value, Unfit> {
        let digits = write().and_then(|digits| digits.extract::<String>());
        let number = digits.ok().and_then(|digits| digits.parse().ok());
        number
            .map(Value::Json)
            .ok_or_else(|| self.refused("expected a finite number that can be written in digits"))
    }

    fn entries(&mut self, entries: &Bound<'py, PyList>) -> Result<Vec<(String, Value)>, Unfit> {
        let mut members = Vec::with_capacity(entries.len());
        for entry in entries {
            let (name, member): (Bound<'py, PyAny>, Bound<'py, PyAny>) = entry.extract()?;
            let Ok(name) = name.extract::<String>() else {
                return Err(self.refused(if name.is_instance_of::<PyString>() {
                    "names must be without lone surrogates".to_owned()
                } else {
                    format!("names must be str, got {}", name.get_type().name()?)
                }));
            };
            let member = self.at(&format!(".{name}"), &member)?;
            members.push((name, member));
        }
        Ok(members)
    }

    fn items(&mut self, items: &Bound<'py, PyAny>) -> Result<Vec<Value>, Unfit> {
        let mut values = Vec::with_capacity(items.len()?);
        for (index, item) in items.try_iter()?.enumerate() {
            values.push(self.at(&format!("[{index}]"), &item?)?);
        }
        Ok(values)
    }

    fn at(&mut self, segment: &str, object: &Bound<'py, PyAny>) -> Result<Value, Unfit> {
        let length = self.path.len();
        self.path.push_str(segment);
        let value = self.value(object)?;
        self.path.truncate(length);
        Ok(value)
    }

    fn within<T>(
        &mut self,
        container: &Bound<'py, PyAny>,
        read: impl FnOnce(&mut Self) -> Result<T, Unfit>,
    ) -> Result<T, Unfit> {
        if self.inside.iter().any(|around| around.is(container)) {
            return Err(self.refused(format!(
                "a {} that contains itself",
                container.get_type().name()?
            )));
        }
        // The options themselves are around it, too.
        if self.inside.len() > DEEPEST {
            return Err(Unfit::Refused {
                path: self.beginning_of_path(),
                reason: format!("nested deeper than {DEEPEST} levels"),
            });
        }
        self.inside.push(container.clone());
        let value = read(self)?;
        self.inside.pop();
        Ok(value)
    }

    /// Leaves the object behind, under its path within the whole.
    fn host(&self, object: &Bound<'py, PyAny>) -> PyResult<String> {
        let path = self.path.split_once('.').map_or("", |(_root, path)| path);
        self.hosts.set_item(path, object)?;
        Ok(path.to_owned())
    }

    fn beginning_of_path(&self) -> String {
        let names = self.path.split_inclusive(['.', '[']);
        let beginning: String = names.take(TELLING_NAMES).collect();
        beginning.trim_end_matches(['.', '[']).to_owned()
    }

    fn refused(&self, reason: impl Into<String>) -> Unfit {
        Unfit::Refused {
            path: self.path.clone(),
            reason: reason.into(),
        }
    }
}

/// The class of decimal numbers.
fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    DECIMAL
        .get_or_try_init(py, || {
            let module = py.import(intern!(py, "decimal"))?;
            module.getattr(intern!(py, "Decimal")).map(Bound::unbind)
        })
        .map(|decimal| decimal.bind(py))
}

/// Text that UTF-8 has no form for. The error of Python itself would hold it, and it may be a secret.
fn lone_surrogates(text: &Bound<'_, PyString>) -> Result<Value, Unfit> {
    let units = text.call_method1(intern!(text.py(), "encode"), ("utf-16-le", "surrogatepass"))?;
    let units: Vec<u16> = units
        .cast::<PyBytes>()
        .map_err(PyErr::from)?
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    Ok(Value::text(&units))
}

fn not_understood(object: &Bound<'_, PyAny>) -> PyResult<String> {
    let class = object.get_type().fully_qualified_name()?;
    Ok(format!(
        "an object of type {class} is none that the SDK understands"
    ))
}

/// Why the core refuses something, if it is the path of a file that does not stand where a file's content may.
pub fn misplaced(hosts: &Bound<'_, PyDict>, error: &digime_sdk::Error) -> PyResult<Option<Unfit>> {
    let ErrorKind::TypeValidation { path, .. } = error.kind() else {
        return Ok(None);
    };
    let path = path.spelled(Dialect::Python);
    let host = path
        .split_once('.')
        .map(|(_root, path)| hosts.get_item(path));
    match host.transpose()?.flatten() {
        Some(object) if is_path(&object)? => {
            let class = object.get_type().fully_qualified_name()?;
            let reason = format!("a path ({class}) is not read here: give what the file holds");
            Ok(Some(Unfit::Refused { path, reason }))
        }
        _ => Ok(None),
    }
}

fn is_path(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    object.hasattr("__fspath__")
}

fn is_stream(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    for method in ["read", "__aiter__"] {
        if object.hasattr(method)? {
            return Ok(true);
        }
    }
    Ok(object.hasattr("__iter__")? && !object.is_instance_of::<PySequence>())
}
