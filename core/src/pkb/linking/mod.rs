//! Linking: what a patient comes back with, whose record it opens, and the link as applications see it.

pub(super) mod callback_url;
mod link;
pub(super) mod purview;
pub(super) mod redirect_uri;

pub use link::{IssuedToken, Link};
