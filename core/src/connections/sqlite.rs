//! Links in a file of SQLite's, which the processes of one machine may share.

use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, TransactionBehavior, ffi};
use tokio::sync::OnceCell;

use super::migrations::{SQLITE, Schema, not_made};
use super::sql::{Cell, Param, Row, Statements};
use super::sql_many::{Batch, Source};
use super::sql_store::{Database, Tables, sql_store};
use super::sqlite_connection::failure;
use super::sqlite_file::{Lane, SqliteFile};
use super::store::Stored;
use super::{
    AttemptRecord, LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStore, LinkWrite, StoreFailure,
};

/// A store in a file. It is opened, and made if it is not there, when it is first needed. Stores for one file share its connections.
pub struct SqliteStore {
    file: SqliteFile,
    statements: OnceCell<Statements>,
}

impl SqliteStore {
    /// The store in the file at `path`; a relative one is looked up here and now.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            file: SqliteFile::new(Self::place(path.as_ref())),
            statements: OnceCell::new(),
        }
    }

    /// The place that a path leads to from here, wherever the process goes later.
    pub(crate) fn place(path: &Path) -> PathBuf {
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    }

    async fn open(&self) -> Result<Statements, StoreFailure> {
        let schema = self.file.ask(Lane::Write, bring_up_to_date).await?;
        let mut statements = Statements::new("", schema.known()?, Source::Json);
        // All are read, which takes a fifth of the time in the order of the file.
        statements.count_links = statements
            .count_links
            .replace("FROM link", "FROM link NOT INDEXED");
        Ok(statements)
    }

    async fn let_go(&self) {
        self.file.let_go().await;
    }

    async fn tables(&self) -> Result<Tables<'_, SqliteFile>, StoreFailure> {
        let statements = self.statements.get_or_try_init(|| self.open()).await?;
        Ok(Tables {
            database: &self.file,
            statements,
        })
    }
}

impl Database for SqliteFile {
    async fn rows(&self, statement: &str, params: Vec<Param>) -> Result<Vec<Row>, StoreFailure> {
        let statement = numbered(statement);
        self.ask(Lane::Read, move |connection| {
            rows(connection, &statement, &params).map_err(|error| failure(&error))
        })
        .await
    }

    async fn changed(
        &self,
        statement: &str,
        batch: &Batch<'_>,
    ) -> Result<Option<Vec<Row>>, StoreFailure> {
        let (statement, params) = (numbered(statement), [Param::from(&batch.json()?)]);
        self.ask(Lane::Write, move |connection| {
            match rows(connection, &statement, &params) {
                Ok(rows) => Ok(Some(rows)),
                Err(error) if is_unique_violation(&error) => Ok(None),
                Err(error) => Err(failure(&error)),
            }
        })
        .await
    }

    async fn change(&self, statement: &str, params: Vec<Param>) -> Result<bool, StoreFailure> {
        let statement = numbered(statement);
        self.ask(Lane::Write, move |connection| {
            let changed = connection
                .prepare_cached(&statement)
                .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(&params)));
            match changed {
                Ok(changed) => Ok(changed > 0),
                Err(error) if is_unique_violation(&error) => Ok(false),
                Err(error) => Err(failure(&error)),
            }
        })
        .await
    }
}

/// SQLite takes `$1` for a name.
fn numbered(statement: &str) -> String {
    statement.replace('$', "?")
}

fn is_unique_violation(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(
        code,
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
    )
}

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Integer(number) => number.to_sql(),
            Self::Flag(flag) => flag.to_sql(),
        }
    }
}

fn rows(connection: &Connection, statement: &str, params: &[Param]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(statement)?;
    let columns = statement.column_count();
    let rows = statement.query_map(rusqlite::params_from_iter(params), |row| {
        let cells = (0..columns).map(|column| {
            Ok(match row.get_ref(column)? {
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Integer(number) => Cell::Integer(number),
                // The SDK has no such columns.
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Cell::Null,
            })
        });
        cells.collect::<rusqlite::Result<_>>().map(Row::new)
    })?;
    rows.collect()
}

/// Makes the steps that are left. Where they cannot be made, an older schema serves as far as it goes.
fn bring_up_to_date(connection: &mut Connection) -> Result<Schema, StoreFailure> {
    let found = schema(connection).map_err(|error| failure(&error))?;
    if !found.is_behind() {
        return Ok(found);
    }
    match migrate(connection) {
        Ok(schema) => Ok(schema),
        Err(_) if found.number > 0 => Ok(found),
        Err(error) => Err(not_made(&failure(&error))),
    }
}

/// What the file says of itself.
fn schema(connection: &Connection) -> rusqlite::Result<Schema> {
    let counted: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration')",
        [],
        |row| row.get(0),
    )?;
    if !counted {
        let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0));
        return version.map(Schema::of_version);
    }
    connection.query_row(
        "SELECT MAX(number), MAX(oldest) FROM schema_migration",
        [],
        |row| {
            let (number, oldest) = (row.get(0)?, row.get(1)?);
            Ok(Schema { number, oldest })
        },
    )
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<Schema> {
    // From its begin on it holds the lock, so that of several processes one makes the steps, and the others find them made.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = schema(&transaction)?;
    for step in found.left(&SQLITE, "") {
        transaction.execute_batch(&step)?;
    }
    let made = schema(&transaction)?;
    transaction.commit()?;
    Ok(made)
}

sql_store!(SqliteStore);
