//! Links in a file of SQLite's, which the processes of one machine may share.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, Connection, SqliteConnection, SqlitePool, query, query_as, query_scalar,
};
use tokio::sync::OnceCell;

use super::migrations::{SQLITE, Schema, not_made};
use super::sql::{
    AttemptRow, CONNECTIONS, LinkRow, PATIENCE, Statements, check_members, check_sharing, failure,
    wrote,
};
use super::sql_store::sql_store;
use super::store::Stored;
use super::{AttemptRecord, LinkKey, LinkRecord, LinkStore, StoreFailure};

/// A store in a file. It is opened, and made if it is not there, when it is first needed.
pub struct SqliteStore {
    path: PathBuf,
    opened: OnceCell<Opened>,
}

struct Opened {
    pool: SqlitePool,
    statements: Statements,
}

impl SqliteStore {
    /// The store in the file at `path`.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            opened: OnceCell::new(),
        }
    }

    async fn opened(&self) -> Result<&Opened, StoreFailure> {
        self.opened.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Opened, StoreFailure> {
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
        let schema = bring_up_to_date(&mut connection).await?.known()?;
        drop(connection);
        Ok(Opened {
            pool,
            statements: Statements::new("", schema),
        })
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

/// Makes the steps that are left. Where they cannot be made, an older schema serves as far as it goes.
async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<Schema, StoreFailure> {
    let found = schema(connection).await.map_err(|error| failure(&error))?;
    if !found.is_behind() {
        return Ok(found);
    }
    match migrate(connection).await {
        Ok(schema) => Ok(schema),
        Err(sqlx::Error::Database(_)) if found.number > 0 => Ok(found),
        Err(error @ sqlx::Error::Database(_)) => Err(not_made(&failure(&error))),
        Err(error) => Err(failure(&error)),
    }
}

/// What the file says of itself.
async fn schema(connection: &mut SqliteConnection) -> Result<Schema, sqlx::Error> {
    let counted: bool = query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !counted {
        let version = query_scalar("PRAGMA user_version");
        return version.fetch_one(connection).await.map(Schema::of_version);
    }
    let (number, oldest) = query_as("SELECT MAX(number), MAX(oldest) FROM schema_migration")
        .fetch_one(connection)
        .await?;
    Ok(Schema { number, oldest })
}

async fn migrate(connection: &mut SqliteConnection) -> Result<Schema, sqlx::Error> {
    // From its begin on it holds the lock, so that of several processes one makes the steps, and the others find them made.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let found = schema(&mut transaction).await?;
    for step in found.left(&SQLITE, "") {
        sqlx::raw_sql(step).execute(&mut *transaction).await?;
    }
    let made = schema(&mut transaction).await?;
    transaction.commit().await?;
    Ok(made)
}

sql_store!(SqliteStore);
