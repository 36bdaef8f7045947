//! An option that does not fit: where it stands, and why.

use super::{Error, ErrorKind, Words};

/// An option that does not fit.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub path: Words,
    pub reason: Words,
}

impl Invalid {
    pub(crate) fn new(path: impl Into<Words>, reason: impl Into<Words>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }

    /// The error, its message opening with what the call demands as a whole.
    pub(crate) fn under(self, headline: &'static str) -> Error {
        let Self { path, reason } = self;
        ErrorKind::TypeValidation {
            headline,
            path,
            reason,
        }
        .into()
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        invalid.under("Parameters failed validation.")
    }
}
