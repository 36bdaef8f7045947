//! What a platform adds to errors: kinds of its own, and what an error of its calls brings along.

use std::any::Any;
use std::fmt::{Debug, Display};

use super::{Error, ErrorClass, ErrorKind, Fields, Words};

/// What a platform says, or does not, as the reason of a failed call. Its `Display` is the message.
pub trait PlatformFailure: Any + Debug + Display + Send + Sync {
    /// Its row in the table of error classes.
    fn class(&self) -> &'static ErrorClass;

    /// Its attributes beyond the message, for other languages.
    fn fields(&self, fields: &mut Fields<'_>);

    /// Its message, in which names of calls and options are spelled as the language does.
    fn words(&self) -> Words {
        self.to_string().into()
    }
}

/// What an error brings along that must not be lost.
pub trait Carried: Any + Debug + Send + Sync {
    /// The attribute by which other languages have it.
    fn fields(&self, fields: &mut Fields<'_>);
}

impl<F: PlatformFailure> From<F> for Error {
    fn from(failure: F) -> Self {
        ErrorKind::Platform(std::sync::Arc::new(failure)).into()
    }
}

impl Error {
    /// The failure of the platform that has failures of type `F`.
    pub(crate) fn platform_failure<F: PlatformFailure>(&self) -> Option<&F> {
        match &self.kind {
            ErrorKind::Platform(failure) => {
                let failure: &dyn Any = &**failure;
                failure.downcast_ref()
            }
            _ => None,
        }
    }

    /// What the error brings along, if that is a `C`.
    pub(crate) fn carried_as<C: Carried>(&self) -> Option<&C> {
        let carried: &dyn Any = self.carried.as_deref()?;
        carried.downcast_ref()
    }
}
