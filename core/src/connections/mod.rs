//! Connections kept: where they are stored, how what is secret of them is sealed, and in which steps a record changes.

mod attempts;
mod checked_store;
#[expect(clippy::module_inception, reason = "what the room is for")]
mod connections;
mod host_store;
mod lease;
mod memory;
mod migrations;
mod postgres;
mod postgres_address;
mod postgres_cancel;
mod postgres_failure;
mod postgres_pool;
mod postgres_tls;
mod record;
mod sql;
mod sql_store;
mod sqlite;
mod sqlite_connection;
mod sqlite_file;
mod store;
mod tries;
mod vault;

pub use memory::MemoryStore;
pub use postgres::PostgresStore;
pub use record::{AttemptRecord, AttemptStatus, LinkRecord, LinkStatus};
pub use sqlite::SqliteStore;
pub use sqlite_file::ClosedFiles;
pub use store::{LinkKey, LinkStore, StoreFailure, Stored};

pub(crate) use attempts::{Attempts, LinkAttempt};
pub(crate) use connections::{Change, Connection, Connections};
pub(crate) use host_store::HostStore;
pub(crate) use lease::{Lease, Look, Watch, too_slow};
pub(crate) use vault::{EncryptionKey, Vault};
