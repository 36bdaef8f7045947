//! What Customer was given, and where of it comes to.

mod origin;
mod store;

pub use origin::{Fate, Origin, origin_of};
pub use store::{Stored, Upstream, local};
