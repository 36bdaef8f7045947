//! Linking: what a patient comes back with, whose record it opens, and the link as applications see it.

pub(super) mod callback_url;
mod link;
mod link_tokens;
pub(super) mod purview;
pub(super) mod redirect_uri;

pub use link::{IssuedToken, Link};
pub use link_tokens::LinkTokens;
