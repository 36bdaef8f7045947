//! Links in PostgreSQL, which any number of machines may share.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, query, query_as, query_scalar};
use tokio::sync::OnceCell;

use super::sql::{
    AttemptRow, CONNECTIONS, LinkRow, PATIENCE, SCHEMA_VERSION, Statements, failure, schema,
    sql_store, wrote,
};
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
    pool: OnceCell<PgPool>,
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
            pool: OnceCell::new(),
            statements: Statements::new(&format!("{schema}.")),
        })
    }

    async fn pool(&self) -> Result<&PgPool, StoreFailure> {
        self.pool.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<PgPool, StoreFailure> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(self.options.clone())
            .await
            .map_err(|error| failure(&error))?;
        let mut connection = pool.acquire().await.map_err(|error| failure(&error))?;
        let version = migrate(&mut connection, &self.schema).await;
        let version = version.map_err(|error| failure(&error))?;
        if version > SCHEMA_VERSION {
            return Err(StoreFailure::new(format!(
                "the database has schema {version}, of a later version of the SDK"
            )));
        }
        Ok(pool)
    }
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=63).contains(&name.len())
        && name.bytes().all(fits)
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Makes the tables where they are not there, and tells the version of the schema. Who may only read and write finds them made
/// beforehand.
async fn migrate(connection: &mut PgConnection, name: &str) -> Result<i64, sqlx::Error> {
    let sql = |text: String| AssertSqlSafe(text);
    let version = || sql(format!("SELECT version FROM {name}.schema_version"));
    let there: bool = query_scalar("SELECT to_regclass($1) IS NOT NULL")
        .bind(format!("{name}.schema_version"))
        .fetch_one(&mut *connection)
        .await?;
    if there {
        return query_scalar(version()).fetch_one(connection).await;
    }
    let mut transaction = sqlx::Connection::begin(connection).await?;
    query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await?;
    let steps = format!(
        "CREATE SCHEMA IF NOT EXISTS {name}; CREATE TABLE IF NOT EXISTS {name}.schema_version (version BIGINT NOT NULL)"
    );
    sqlx::raw_sql(sql(steps)).execute(&mut *transaction).await?;
    let made: Option<i64> = query_scalar(version())
        .fetch_optional(&mut *transaction)
        .await?;
    if made.is_none() {
        let stamp = format!("INSERT INTO {name}.schema_version VALUES ({SCHEMA_VERSION})");
        sqlx::raw_sql(schema(&format!("{name}.")))
            .execute(&mut *transaction)
            .await?;
        query(sql(stamp)).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(made.unwrap_or(SCHEMA_VERSION))
}

sql_store!(PostgresStore);
