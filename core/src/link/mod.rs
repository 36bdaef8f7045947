//! Links kept: where they are stored, how their tokens are sealed, and in which steps a record changes.

mod attempt;
mod host_store;
mod lease;
mod links;
mod memory;
mod postgres;
mod record;
mod sql;
mod sqlite;
mod store;
mod tokens;
mod vault;

pub use memory::MemoryStore;
pub use postgres::PostgresStore;
pub use record::{AttemptRecord, AttemptStatus, LinkRecord, LinkStatus};
pub use sqlite::SqliteStore;
pub use store::{LinkKey, LinkStore, StoreFailure};

pub(crate) use attempt::{Attempt, AttemptContent, Attempts, MAX_CONTEXT};
pub(crate) use host_store::HostStore;
pub(crate) use lease::Watch;
pub(crate) use links::{Links, StoredLink};
pub(crate) use tokens::Tokens;
pub(crate) use vault::{EncryptionKey, Vault};
