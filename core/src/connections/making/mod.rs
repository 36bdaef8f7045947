//! Making connections: from an attempt that is remembered, by what the person comes back with, to a record of the pair of app user and public id.

pub(crate) mod beginning;
mod callback_query;
pub(crate) mod completion;
pub(super) mod conclusion;
mod content;
mod on_conflict;
mod problem;
mod removal;
mod turn;
mod writing;

pub(crate) use callback_query::CallbackQuery;
pub(crate) use completion::{Goal, Made};
pub(crate) use content::AttemptContent;
use content::MAX_CONTEXT;
pub use on_conflict::OnConflict;
pub(crate) use problem::{AttemptProblem, Conflict};
pub(crate) use removal::remove;
