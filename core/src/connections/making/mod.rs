//! Making connections: from an attempt that is remembered, by what the person comes back with, to a record of the pair of app user and public id.

pub(crate) mod completion;
pub(super) mod conclusion;
mod content;
mod problem;
mod turn;
pub(crate) mod writing;

pub(crate) use completion::{Goal, Made};
pub(crate) use content::{AttemptContent, MAX_CONTEXT};
pub(crate) use problem::{AttemptProblem, Conflict};
