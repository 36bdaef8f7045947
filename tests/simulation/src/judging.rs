//! What the promises of both platforms make of errors and of what was measured.

use digime_sdk::{Error, ErrorKind};

use crate::executor::{MILLISECOND, Micros};

/// How much clocks may be wrong about what was measured.
pub const TOLERANCE: Micros = 20 * MILLISECOND;

/// Whether a call says that its time is over.
pub fn is_call_timeout(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Timeout { phase: "call", .. })
}
