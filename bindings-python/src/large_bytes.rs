//! How many bytes become Python's without holding up whoever needs the interpreter, or memory: with the interpreter released, and
//! piece by piece.

use std::ptr;

use bytes::Bytes;
use digime_sdk::binding::{Step, Value};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// From this size on a copy takes so long that it matters who waits for it.
const LARGE: usize = 1024 * 1024;

/// Whether a step hands over so many bytes that its conversion takes long.
pub fn are_in(step: &Step) -> bool {
    let is_large = |value: &Value| matches!(value, Value::Bytes(bytes) if bytes.len() >= LARGE);
    match step {
        Step::Done(value)
        | Step::Invoke {
            argument: value, ..
        } => match value {
            Value::Object(members) => members.iter().any(|(_, member)| is_large(member)),
            value => is_large(value),
        },
        Step::Failed(_) | Step::Read { .. } | Step::ReadKept { .. } | Step::Closed => false,
    }
}

/// Makes Python's object of these bytes.
pub fn convert(py: Python<'_>, bytes: Bytes) -> PyResult<Bound<'_, PyBytes>> {
    if bytes.len() < LARGE {
        return Ok(PyBytes::new(py, &bytes));
    }
    let length = ffi::Py_ssize_t::try_from(bytes.len())?;
    // SAFETY: Given no source, the function makes an object of that length whose content is not set yet. Nobody else knows of it
    // until this function returns, so its content may be set while the interpreter is released; bytes are not tracked by its
    // collector of garbage, which could find it otherwise.
    unsafe {
        let made = ffi::PyBytes_FromStringAndSize(ptr::null(), length);
        let made = Bound::from_owned_ptr_or_err(py, made)?.cast_into_unchecked::<PyBytes>();
        let content = ffi::PyBytes_AsString(made.as_ptr()).expose_provenance();
        py.detach(move || {
            let content = ptr::with_exposed_provenance_mut::<u8>(content);
            want_huge_pages(content, bytes.len());
            move_into(content, bytes);
        });
        Ok(made)
    }
}

/// Copies the bytes and gives their memory back piece by piece, if nobody else has it: less is taken at once, and whoever needs memory
/// meanwhile waits for a piece only.
///
/// # Safety
///
/// There must be room for all of them.
unsafe fn move_into(content: *mut u8, bytes: Bytes) {
    const PIECE: usize = 8 * 1024 * 1024;
    if !bytes.is_unique() {
        // SAFETY: As the caller promises; what was just allocated is elsewhere.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), content, bytes.len()) };
        return;
    }
    let mut left = Vec::from(bytes);
    while !left.is_empty() {
        let start = left.len().saturating_sub(PIECE);
        let piece = &left[start..];
        // SAFETY: As above, at the place where the piece was.
        unsafe { ptr::copy_nonoverlapping(piece.as_ptr(), content.add(start), piece.len()) };
        left.truncate(start);
        left.shrink_to_fit();
    }
}

/// Asks for pages of 2 MiB: whoever drops the object, the event loop for one, gives its memory back page by page.
///
/// # Safety
///
/// The memory must be the caller's.
unsafe fn want_huge_pages(memory: *mut u8, length: usize) {
    #[cfg(target_os = "linux")]
    {
        const HUGE: usize = 2 * 1024 * 1024;
        let unaligned = memory.align_offset(HUGE);
        if let Some(length) = length.checked_sub(unaligned) {
            // SAFETY: It changes how this memory is mapped, not what is in it. Where the system does not do it, nothing is lost.
            unsafe { libc::madvise(memory.add(unaligned).cast(), length, libc::MADV_HUGEPAGE) };
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (memory, length);
}
