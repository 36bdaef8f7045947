//! Linking: from an attempt that is remembered, by what the patient comes back with, to a link.

pub(super) mod callback_url;
pub(super) mod completion;
mod content;
mod link;
pub(super) mod making;
mod purview;
pub(super) mod redirect_uri;
mod turn;
pub(super) mod writing;

pub use link::{IssuedToken, Link};

pub(super) use content::{AttemptContent, MAX_CONTEXT};
