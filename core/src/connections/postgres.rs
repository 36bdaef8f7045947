//! Links in PostgreSQL, which any number of machines may share.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, query, query_as, query_scalar};
use tokio::sync::OnceCell;

use super::migrations::{POSTGRES, Schema, not_made};
use super::sql::{
    AttemptRow, CONNECTIONS, LinkRow, PATIENCE, Statements, check_members, check_sharing, failure,
    wrote,
};
use super::sql_store::sql_store;
use super::store::Stored;
use super::{AttemptRecord, LinkKey, LinkRecord, LinkStore, StoreFailure};

/// The advisory lock under which the tables are made; the number has no meaning but to be always the same.
const MIGRATION_LOCK: i64 = 0x6469_6769_6d65;

/// The schema that the tables are in where the application names none.
pub(crate) const DEFAULT_SCHEMA: &str = "digime_sdk";

/// A store in a database. It connects, and makes its schema and tables if they are not there, when it is first needed.
pub struct PostgresStore {
    options: PgConnectOptions,
    schema: String,
    opened: OnceCell<Opened>,
}

struct Opened {
    pool: PgPool,
    statements: Statements,
}

impl PostgresStore {
    /// The store at an address, `postgres://user:password@host/database?sslmode=verify-full`, in a schema of that database.
    ///
    /// The schema's name is of lower-case letters, digits and underscores.
    pub fn new(address: &str, schema: Option<&str>) -> Result<Self, StoreFailure> {
        let schema = schema.unwrap_or(DEFAULT_SCHEMA);
        if !is_name(schema) {
            return Err(StoreFailure::new(
                "the name of a schema is of lower-case letters, digits and underscores, opens with no digit, and has at most 63 of them",
            ));
        }
        let options: PgConnectOptions = address.parse().map_err(|_| {
            StoreFailure::new(
                "the address is not of the form postgres://user:password@host/database",
            )
        })?;
        Ok(Self {
            options: options.application_name("digime-sdk"),
            schema: schema.to_owned(),
            opened: OnceCell::new(),
        })
    }

    async fn opened(&self) -> Result<&Opened, StoreFailure> {
        self.opened.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Opened, StoreFailure> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(self.options.clone())
            .await
            .map_err(|error| failure(&error))?;
        let mut connection = pool.acquire().await.map_err(|error| failure(&error))?;
        let name = &self.schema;
        let schema = bring_up_to_date(&mut connection, name).await?.known()?;
        drop(connection);
        Ok(Opened {
            pool,
            statements: Statements::new(&format!("{name}."), schema),
        })
    }
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=63).contains(&name.len())
        && name.bytes().all(fits)
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Makes the steps that are left. Where they cannot be made, since the role may not change the tables or somebody has used them for long, an
/// older schema serves as far as it goes.
async fn bring_up_to_date(
    connection: &mut PgConnection,
    name: &str,
) -> Result<Schema, StoreFailure> {
    let found = schema(connection, name).await;
    let found = found.map_err(|error| failure(&error))?;
    if !found.is_behind() {
        return Ok(found);
    }
    match migrate(connection, name).await {
        Ok(schema) => Ok(schema),
        Err(sqlx::Error::Database(_)) if found.number > 0 => Ok(found),
        Err(error @ sqlx::Error::Database(_)) => Err(not_made(&failure(&error))),
        Err(error) => Err(failure(&error)),
    }
}

/// What the database says of itself.
async fn schema(connection: &mut PgConnection, name: &str) -> Result<Schema, sqlx::Error> {
    let (made, counted): (bool, bool) =
        query_as("SELECT to_regclass($1) IS NOT NULL, to_regclass($2) IS NOT NULL")
            .bind(format!("{name}.schema_version"))
            .bind(format!("{name}.schema_migration"))
            .fetch_one(&mut *connection)
            .await?;
    if counted {
        let count = format!("SELECT MAX(number), MAX(oldest) FROM {name}.schema_migration");
        let count = query_as(AssertSqlSafe(count)).fetch_one(connection).await;
        return count.map(|(number, oldest)| Schema { number, oldest });
    }
    if !made {
        return Ok(Schema::of_version(0));
    }
    let version = format!("SELECT version FROM {name}.schema_version");
    let version = query_scalar(AssertSqlSafe(version)).fetch_one(connection);
    version.await.map(Schema::of_version)
}

async fn migrate(connection: &mut PgConnection, name: &str) -> Result<Schema, sqlx::Error> {
    let mut transaction = sqlx::Connection::begin(connection).await?;
    query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await?;
    // While a step waits for a table that a backup reads, everybody else would wait behind it.
    query("SET LOCAL lock_timeout = '3s'")
        .execute(&mut *transaction)
        .await?;
    let there: bool = query_scalar("SELECT to_regnamespace($1) IS NOT NULL")
        .bind(name)
        .fetch_one(&mut *transaction)
        .await?;
    if !there {
        query(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {name}")))
            .execute(&mut *transaction)
            .await?;
    }
    let found = schema(&mut transaction, name).await?;
    for step in found.left(&POSTGRES, &format!("{name}.")) {
        sqlx::raw_sql(step).execute(&mut *transaction).await?;
    }
    let made = schema(&mut transaction, name).await?;
    transaction.commit().await?;
    Ok(made)
}

sql_store!(PostgresStore);
