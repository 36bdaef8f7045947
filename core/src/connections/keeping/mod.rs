//! Keeping connections: which of their tokens serves, how it is replaced once for all who need it, and how a connection ends.

pub(crate) mod access;
pub(crate) mod alive;
mod ends;
mod grant;
mod hold;
mod keeper;
mod refresh;
pub(super) mod storing;
mod tokens;
mod told;
pub(super) mod until_stored;

pub use alive::{KeptAlive, NotKeptAlive};
pub(crate) use ends::mark_expired;
pub(crate) use grant::{Grant, InTime, Refusal};
pub(crate) use keeper::{Keeper, Keeping};
pub(crate) use tokens::{LinkDocument, Tokens, Watched};
pub use told::ConnectionChange;
pub(crate) use told::Told;
