//! The cloud storage: a storage, the paths in it, and the credential for it.

mod credential;
#[expect(
    clippy::module_inception,
    reason = "the shape is what the room is named after"
)]
mod storage;
pub(super) mod storage_path;

pub use storage::Storage;
