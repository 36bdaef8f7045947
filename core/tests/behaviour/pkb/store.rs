//! Stores of every kind, and what is written into them by tests.

use std::sync::Arc;

use digime_sdk::connections::{
    AttemptRecord, AttemptStatus, LinkKey, LinkRecord, LinkStatus, LinkStore, MemoryStore,
    PostgresStore, SqliteStore,
};
use tempfile::TempDir;

use super::sandbox::file;

/// Where the test command has started PostgreSQL.
pub fn postgres() -> String {
    std::env::var("DIGIME_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("run the tests by `make test-rust`, which starts PostgreSQL");
    })
}

/// A schema of a test's own.
pub fn schema() -> String {
    let id: u64 = rand::random();
    format!("test_{id:x}")
}

/// Every store there is; the folder is where a file lives.
pub fn stores(folder: &TempDir) -> Vec<(&'static str, Arc<dyn LinkStore>)> {
    vec![
        ("memory", Arc::new(MemoryStore::default())),
        ("SQLite", Arc::new(SqliteStore::new(file(folder)))),
        (
            "PostgreSQL",
            Arc::new(PostgresStore::new(&postgres(), Some(&schema())).unwrap()),
        ),
    ]
}

pub fn link(app_user_id: &str, public_id: &str, version: i64) -> LinkRecord {
    LinkRecord {
        platform: "pkb:test".to_owned(),
        app_user_id: app_user_id.to_owned(),
        public_id: public_id.to_owned(),
        shares_public_id: false,
        status: LinkStatus::Active,
        linked_at: 1_700_000_000_000,
        refreshed_at: 1_700_000_000_001,
        lease: None,
        lease_until: None,
        key_id: "key".to_owned(),
        sealed: "sealed".to_owned(),
        version,
        other: serde_json::Map::new(),
    }
}

pub fn attempt(id: &str, expires_at: i64, version: i64) -> AttemptRecord {
    AttemptRecord {
        platform: "pkb:test".to_owned(),
        id: id.to_owned(),
        app_user_id: "user-1".to_owned(),
        status: AttemptStatus::Pending,
        expires_at,
        key_id: "key".to_owned(),
        sealed: "sealed".to_owned(),
        version,
        other: serde_json::Map::new(),
    }
}

pub fn key(app_user_id: &str) -> LinkKey<'_> {
    LinkKey {
        platform: "pkb:test",
        app_user_id,
    }
}
