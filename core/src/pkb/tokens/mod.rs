//! The tokens of a link and of the System Client: which one serves, how it is replaced, and who is told.

pub(super) mod access;
pub(super) mod ends;
pub(super) mod hooks;
mod refresh;
pub(super) mod storing;
pub(super) mod system_token;
pub(super) mod token_endpoint;
#[expect(
    clippy::module_inception,
    reason = "the shape is what the room is named after"
)]
mod tokens;
pub(super) mod until_stored;

pub(super) use ends::Ends;
pub(super) use refresh::Refreshes;
pub(super) use tokens::{LinkDocument, Tokens};
