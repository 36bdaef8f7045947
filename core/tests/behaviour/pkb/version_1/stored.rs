//! Copies of the stores that version 1 has left.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use digime_sdk::connections::{LinkStore, PostgresStore, SqliteStore};
use digime_sdk::pkb::Store;
use tempfile::TempDir;

use super::super::database::{Database, Row};
use super::super::store::{postgres, schema};
use crate::clock::TestClock;

/// The platform of all records.
pub const PLATFORM: &str = "pkb:127.0.0.1:8301";
/// The moment at which the stores were left, in seconds since 1970.
const END: u64 = 1_793_534_400;

/// A copy.
pub enum Stored {
    Sqlite(TempDir),
    Postgres(String),
}

impl Stored {
    /// One in SQLite, and one in PostgreSQL.
    pub async fn copies() -> [Self; 2] {
        [Self::sqlite(), Self::postgres().await]
    }

    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(data("links.sqlite"), folder.path().join("links.sqlite")).unwrap();
        Self::Sqlite(folder)
    }

    pub async fn postgres() -> Self {
        let schema = schema();
        let dump = std::fs::read_to_string(data("links.postgres.sql")).unwrap();
        let dump = dump.replace("digime_sdk", &schema);
        // A connection of its own: the dump takes its search path away.
        Database::server().await.run(&dump).await;
        Self::Postgres(schema)
    }

    pub fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite(folder) => Some(folder.path().join("links.sqlite")),
            Self::Postgres(_) => None,
        }
    }

    pub fn schema(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(schema) => Some(schema.clone()),
        }
    }

    /// As a configuration names it.
    pub fn store(&self) -> Store {
        match self.path() {
            Some(path) => Store::Sqlite(path),
            None => Store::from(&*postgres()),
        }
    }

    /// As this version opens it.
    pub fn opened(&self) -> Arc<dyn LinkStore> {
        match self {
            Self::Sqlite(_) => Arc::new(SqliteStore::new(self.path().unwrap())),
            Self::Postgres(schema) => {
                Arc::new(PostgresStore::new(&postgres(), Some(schema)).unwrap())
            }
        }
    }

    /// As it is seen from beside the SDK.
    pub async fn database(&self) -> Database {
        match self.path() {
            Some(path) => Database::file(&path),
            None => Database::server().await,
        }
    }

    /// The columns of version 1, of all rows: links, and attempts.
    pub async fn rows(&self) -> [Vec<Row>; 2] {
        let name = self.schema().map(|schema| format!("{schema}."));
        let name = name.unwrap_or_default();
        let links = format!("SELECT {LINK} FROM {name}link ORDER BY app_user_id");
        let attempts = format!("SELECT {ATTEMPT} FROM {name}link_attempt ORDER BY id");
        let database = self.database().await;
        [
            database.rows(&links, &[]).await,
            database.rows(&attempts, &[]).await,
        ]
    }
}

const LINK: &str = "platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version";
const ATTEMPT: &str = "platform, id, app_user_id, status, expires_at, key_id, sealed, version";

fn data(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/store-v1");
    folder.join(name)
}

/// A statement of version 1, for a schema that is empty or a name with a dot.
pub fn statement(name: &str, schema: &str) -> String {
    let all = std::fs::read_to_string(data("statements.sql")).unwrap();
    let (_, rest) = all.split_once(&format!("\n-- {name}\n")).unwrap();
    let (statement, _) = rest.split_once(';').unwrap();
    statement.replace("{schema}", schema)
}

/// A clock that stands at the end of version 1.
pub fn clock() -> Arc<TestClock> {
    TestClock::at(SystemTime::UNIX_EPOCH + Duration::from_secs(END))
}
