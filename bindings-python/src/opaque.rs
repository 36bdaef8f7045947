//! What an application gives and gets, kept from whoever shows the locals of frames, as reporters of errors do.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

/// Holds something that may be secret, or about a person, and shows nothing of it. It is made without a line of Python, before each of which
/// a signal's handler may raise: a step would be lost.
#[pyclass(frozen, module = "digime_sdk._native")]
pub struct Opaque(Py<PyAny>);

#[pymethods]
impl Opaque {
    #[new]
    fn new(held: Py<PyAny>) -> Self {
        Self(held)
    }

    /// What it holds.
    fn open(&self, py: Python<'_>) -> Py<PyAny> {
        self.0.clone_ref(py)
    }

    #[expect(clippy::unused_self, reason = "that is the point")]
    fn __repr__(&self) -> &'static str {
        "<not shown>"
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.0)
    }
}

impl Opaque {
    /// What holds this object.
    pub fn around(held: Bound<'_, PyAny>) -> PyResult<Bound<'_, Self>> {
        let py = held.py();
        Bound::new(py, Self(held.unbind()))
    }
}
