//! Connections kept for users of the application: how they are made and refreshed with digi.me, and how applications see them.

mod callback_url;
mod change;
#[expect(
    clippy::module_inception,
    reason = "the shape is what the room is named after"
)]
mod connection;
mod import;
mod kept;
mod renewal;
mod tokens;

pub use change::ConnectionEvent;
pub use connection::Connection;

pub(super) use callback_url::{Answer, Callback};
pub(super) use import::{Missing, tokens_to_import};
pub(super) use kept::{Kept, platform, tell};
pub(super) use renewal::Renewal;
pub(super) use tokens::{tokens_of, user_access_token_of};
