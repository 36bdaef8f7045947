//! Links in a file of SQLite's, which the processes of one machine may share.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, Connection, SqliteConnection, SqlitePool, query, query_as, query_scalar,
};
use tokio::sync::OnceCell;

use super::sql::{
    AttemptRow, CONNECTIONS, LinkRow, PATIENCE, SCHEMA_VERSION, Statements, failure, schema,
    sql_store, wrote,
};
use super::store::Stored;
use super::{AttemptRecord, LinkKey, LinkRecord, LinkStore, StoreFailure};

/// A store in a file. It is opened, and made if it is not there, when it is first needed.
pub struct SqliteStore {
    path: PathBuf,
    pool: OnceCell<SqlitePool>,
    statements: Statements,
}

impl SqliteStore {
    /// The store in the file at `path`.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            pool: OnceCell::new(),
            statements: Statements::new(""),
        }
    }

    async fn pool(&self) -> Result<&SqlitePool, StoreFailure> {
        self.pool.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<SqlitePool, StoreFailure> {
        self.make_file()?;
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .journal_mode(SqliteJournalMode::Wal)
            // A new pair of tokens must outlast a power cut: the old one is spent.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(|error| failure(&error))?;
        let mut connection = pool.acquire().await.map_err(|error| failure(&error))?;
        let version = migrate(&mut connection).await;
        let version = version.map_err(|error| failure(&error))?;
        if version > SCHEMA_VERSION {
            return Err(StoreFailure::new(format!(
                "the file has schema {version}, of a later version of the SDK"
            )));
        }
        Ok(pool)
    }

    /// Readable by its owner alone, as SQLite then makes the files beside it too.
    fn make_file(&self) -> Result<(), StoreFailure> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path).map(drop).map_err(|error| {
            StoreFailure::new(format!("the file cannot be opened ({})", error.kind()))
        })
    }
}

/// Makes the tables where they are not there, and tells the version of the schema.
async fn migrate(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    // From its begin on it holds the lock, so that of several processes one makes the tables.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let version: i64 = query_scalar("PRAGMA user_version")
        .fetch_one(&mut *transaction)
        .await?;
    if version == 0 {
        sqlx::raw_sql(schema("")).execute(&mut *transaction).await?;
        let stamp = AssertSqlSafe(format!("PRAGMA user_version = {SCHEMA_VERSION}"));
        query(stamp).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(version)
}

sql_store!(SqliteStore);
