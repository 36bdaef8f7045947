//! Where a store of the bench is: a file of SQLite's in a folder, or a schema of PostgreSQL's.

use std::sync::Arc;

use digime_bench::BenchError;
use digime_sdk::connections::{LinkStore, PostgresStore, SqliteStore, Store};

use crate::one_by_one::OneByOne;

/// A store by its name.
pub struct Place {
    within: String,
    name: &'static str,
}

impl Place {
    /// The store of this name: in a folder, or at an address of PostgreSQL.
    pub fn new(within: &str, name: &'static str) -> Self {
        let within = within.to_owned();
        Self { within, name }
    }

    /// The store, as applications give it.
    pub fn store(&self) -> Store {
        Store::from(self.text().as_str())
    }

    /// The same in words: the path of a file, or an address.
    pub fn text(&self) -> String {
        if self.is_postgres() {
            self.within.clone()
        } else {
            format!("{}/{}.db", self.within, self.name)
        }
    }

    /// The schema, of one in PostgreSQL.
    pub fn schema(&self) -> Option<String> {
        self.is_postgres().then(|| self.name.to_owned())
    }

    /// The same store, which writes links one by one.
    pub fn one_by_one(&self) -> Result<Store, BenchError> {
        let store: Arc<dyn LinkStore> = match self.store() {
            Store::Sqlite(path) => Arc::new(SqliteStore::new(path)),
            _ => Arc::new(PostgresStore::new(&self.within, Some(self.name))?),
        };
        Ok(Store::Own(Arc::new(OneByOne(store))))
    }

    fn is_postgres(&self) -> bool {
        self.within.starts_with("postgres://")
    }
}
