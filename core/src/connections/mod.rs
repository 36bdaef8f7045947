//! Connections kept: where they are stored, how what is secret of them is sealed, and in which steps a record changes.

mod attempts;
mod cached_tokens;
mod check;
mod checked_store;
mod cipher_key;
#[expect(clippy::module_inception, reason = "what the room is for")]
mod connections;
mod data_keys;
mod encryption_key;
mod host_key_wrapping;
mod host_store;
mod importing;
pub(crate) mod keeping;
mod lease;
mod listing;
pub(crate) mod making;
mod many;
mod memory;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migrations;
mod opening;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_address;
#[cfg(feature = "postgres")]
mod postgres_cancel;
#[cfg(feature = "postgres")]
mod postgres_failure;
#[cfg(feature = "postgres")]
mod postgres_pool;
#[cfg(feature = "postgres")]
mod postgres_reading;
#[cfg(feature = "postgres")]
mod postgres_tls;
mod record;
mod rotation;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql_many;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql_store;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod sqlite_connection;
#[cfg(feature = "sqlite")]
mod sqlite_file;
mod store;
mod store_choice;
#[cfg(feature = "testing")]
pub mod testing;
mod tries;
mod vault;

pub use check::{Finding, Readiness};
pub use encryption_key::{EncryptionKey, KeyWrapping, WrappedKey};
pub use importing::{Imported, NotImported};
pub use keeping::{ConnectionChange, KeptAlive, NotKeptAlive};
pub use making::OnConflict;
pub use many::Many;
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use record::{AttemptRecord, AttemptStatus, LinkRecord, LinkStatus};
pub use rotation::UnreadableRecord;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
#[cfg(feature = "sqlite")]
pub use sqlite_file::ClosedFiles;
pub use store::{LinkCounts, LinkFilter, LinkKey, LinkStore, LinkWrite, StoreFailure, Stored};
pub use store_choice::Store;

pub(crate) use attempts::{Attempts, LinkAttempt};
pub(crate) use check::check;
pub(crate) use connections::{Change, Connection, Connections};
pub(crate) use host_store::HostStore;
pub(crate) use importing::{Newcomer, import};
pub(crate) use lease::{Lease, Look, Watch, too_slow};
pub(crate) use listing::Listing;
pub(crate) use making::{AttemptProblem, Conflict};
pub(crate) use opening::Opening;
pub(crate) use rotation::rotate;
