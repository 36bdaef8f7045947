//! How many bytes become Python's without holding up whoever needs the interpreter: they are copied while it is released.

use std::ptr;

use bytes::Bytes;
use digime_sdk::dynamic::{Step, Value};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// From this size on a copy takes so long that it matters who waits for it.
const LARGE: usize = 1024 * 1024;

/// Copies made ahead of their conversion, by where the bytes are.
#[derive(Default)]
pub struct Copies(Vec<(usize, Py<PyBytes>)>);

impl Copies {
    /// The large ones among what a step hands over.
    pub fn of(step: &Step) -> Vec<Bytes> {
        let handed = match step {
            Step::Done(value)
            | Step::Invoke {
                argument: value, ..
            } => value,
            Step::Failed(_) | Step::Read { .. } | Step::Closed => return Vec::new(),
        };
        let members: &[(String, Value)] = match handed {
            Value::Object(members) => members,
            _ => &[],
        };
        let values = members.iter().map(|(_, value)| value).chain([handed]);
        values
            .filter_map(|value| match value {
                Value::Bytes(bytes) if bytes.len() >= LARGE => Some(bytes.clone()),
                _ => None,
            })
            .collect()
    }

    /// Copies them.
    pub fn make(py: Python<'_>, large: &[Bytes]) -> PyResult<Self> {
        let copies = large
            .iter()
            .map(|bytes| Ok((place(bytes), copy(py, bytes)?.unbind())));
        copies.collect::<PyResult<_>>().map(Self)
    }

    /// The copy of these bytes, made now if it was not before.
    pub fn take<'py>(&mut self, py: Python<'py>, bytes: &Bytes) -> PyResult<Bound<'py, PyBytes>> {
        match self.0.iter().position(|(made, _)| *made == place(bytes)) {
            Some(index) => Ok(self.0.swap_remove(index).1.into_bound(py)),
            None => copy(py, bytes),
        }
    }
}

fn place(bytes: &Bytes) -> usize {
    bytes.as_ptr().addr()
}

fn copy<'py>(py: Python<'py>, bytes: &Bytes) -> PyResult<Bound<'py, PyBytes>> {
    if bytes.len() < LARGE {
        return Ok(PyBytes::new(py, bytes));
    }
    let length = ffi::Py_ssize_t::try_from(bytes.len())?;
    // SAFETY: Given no source, the function makes an object of that length whose content is not set yet. Nobody else knows of it
    // until this function returns, so its content may be set while the interpreter is released; bytes are not tracked by its
    // collector of garbage, which could find it otherwise.
    unsafe {
        let made = ffi::PyBytes_FromStringAndSize(ptr::null(), length);
        let made = Bound::from_owned_ptr_or_err(py, made)?.cast_into_unchecked::<PyBytes>();
        let content = ffi::PyBytes_AsString(made.as_ptr()).expose_provenance();
        py.detach(|| {
            let content = ptr::with_exposed_provenance_mut::<u8>(content);
            ptr::copy_nonoverlapping(bytes.as_ptr(), content, bytes.len());
        });
        Ok(made)
    }
}
