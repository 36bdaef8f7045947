//! How values of an application are read: in which spelling, and where a misspelt name is refused.

use super::misfit::Misfit;
use super::{Dialect, spelling};

/// How a value is read.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    pub dialect: Dialect,
    /// Text may be given as its bytes: databases do.
    pub bytes_are_text: bool,
    misspelt: Misspelt,
}

/// Where a member is refused whose name is nearly that of a field: whoever gave it would wait in vain for what it does. Others are not the
/// SDK's business.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Misspelt {
    Ignored,
    RefusedHere,
    RefusedThroughout,
}

impl Manner {
    pub(super) fn of(dialect: Dialect, misspelt: Misspelt) -> Self {
        Self {
            dialect,
            bytes_are_text: false,
            misspelt,
        }
    }

    /// How what a function of the application answers is read.
    pub(super) fn of_answers() -> Self {
        Self {
            bytes_are_text: true,
            ..Self::of(Dialect::Python, Misspelt::Ignored)
        }
    }

    /// How what stands in a value is read.
    pub(super) fn within(self) -> Self {
        match self.misspelt {
            Misspelt::RefusedThroughout => self,
            _ => Self {
                misspelt: Misspelt::Ignored,
                ..self
            },
        }
    }

    /// Refuses a name that is none of these fields, but nearly.
    pub(super) fn check(self, name: &str, fields: &'static [&'static str]) -> Result<(), Misfit> {
        if self.misspelt == Misspelt::Ignored || fields.contains(&name) {
            return Ok(());
        }
        match spelling::nearest(name, fields) {
            Some(meant) => Err(Misfit::misspelt(name, meant)),
            None => Ok(()),
        }
    }
}
