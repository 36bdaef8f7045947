//! Links in PostgreSQL, which any number of machines may share.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, GenericClient};

use super::migrations::{POSTGRES, Schema, not_made};
use super::postgres_address::Address;
use super::postgres_failure::{Failure, no_time};
use super::postgres_pool::PostgresPool;
use super::sql::{PATIENCE, Statements};
use super::sql_many::Source;
use super::sql_store::{Tables, sql_store};
use super::store::Stored;
use super::{
    AttemptRecord, LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStore, LinkWrite, StoreFailure,
};
use crate::trust::Trust;
use crate::world;

/// The advisory lock under which the tables are made; the number has no meaning but to be always the same.
const MIGRATION_LOCK: i64 = 0x6469_6769_6d65;

/// How long the steps may take that bring the tables up to date, an index of a million links included.
const MIGRATION: Duration = Duration::from_mins(5);

/// The schema that the tables are in where the application names none.
pub(crate) const DEFAULT_SCHEMA: &str = "digime_sdk";

/// A store in a database. It connects, and makes its schema and tables if they are not there, when it is first needed.
pub struct PostgresStore {
    address: Address,
    patience: Duration,
    schema: String,
    opened: OnceCell<Opened>,
}

struct Opened {
    pool: Arc<PostgresPool>,
    statements: Statements,
}

impl PostgresStore {
    /// The store at an address, `postgres://user:password@host/database?sslmode=verify-full`, in a schema of that database.
    ///
    /// The address may name several hosts, and has the parameters of libpq that tokio-postgres knows; beside those `sslmode` in all its
    /// forms, `sslrootcert` (a file, or `system`), `sslcert` and `sslkey`. The schema's name is of lower-case letters, digits and
    /// underscores.
    pub fn new(address: &str, schema: Option<&str>) -> Result<Self, StoreFailure> {
        let schema = schema.unwrap_or(DEFAULT_SCHEMA);
        Self::check_schema(schema)?;
        Ok(Self {
            address: Address::parse(address)?,
            patience: PATIENCE,
            schema: schema.to_owned(),
            opened: OnceCell::new(),
        })
    }

    /// Refuses what is no name of a schema.
    pub(crate) fn check_schema(schema: &str) -> Result<(), StoreFailure> {
        if is_name(schema) {
            return Ok(());
        }
        Err(StoreFailure::new(
            "the name of a schema is of lower-case letters, digits and underscores, opens with no digit, and has at most 63 of them",
        ))
    }

    /// The same store, whose statements may each take so long, and connecting too; 10 seconds where nothing is said.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same store, whose server is believed as all others are, unless its address names authorities.
    pub(crate) fn trusting(mut self, trust: Trust) -> Self {
        self.address.trust = trust;
        self
    }

    fn let_go(&self) -> Ready<()> {
        if let Some(opened) = self.opened.get() {
            opened.pool.close();
        }
        ready(())
    }

    async fn tables(&self) -> Result<Tables<'_, Arc<PostgresPool>>, StoreFailure> {
        let opened = self.opened.get_or_try_init(|| self.open()).await?;
        Ok(Tables {
            database: &opened.pool,
            statements: &opened.statements,
        })
    }

    async fn open(&self) -> Result<Opened, StoreFailure> {
        let pool = PostgresPool::new(&self.address, self.patience)?;
        let name = &self.schema;
        let mut session = pool.session().await?;
        let schema = bring_up_to_date(session.client(), name, self.patience)
            .await?
            .known()?;
        session.is_well();
        drop(session);
        Ok(Opened {
            pool: Arc::new(pool),
            statements: Statements::new(&format!("{name}."), schema, Source::Arrays),
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
    client: &mut Client,
    name: &str,
    patience: Duration,
) -> Result<Schema, StoreFailure> {
    let found = world::within(patience, schema(client, name)).await;
    let found = found.unwrap_or_else(|| Err(no_time(patience)))?;
    if !found.is_behind() {
        return Ok(found);
    }
    let made = world::within(MIGRATION, migrate(client, name)).await;
    match made.unwrap_or_else(|| Err(no_time(MIGRATION))) {
        Ok(schema) => Ok(schema),
        Err(failure) if failure.is_of_the_database() && found.number > 0 => Ok(found),
        Err(failure) if failure.is_of_the_database() => Err(not_made(&failure.into())),
        Err(failure) => Err(failure.into()),
    }
}

/// What the database says of itself.
async fn schema(client: &impl GenericClient, name: &str) -> Result<Schema, Failure> {
    let (tables, counted) = (
        format!("{name}.schema_version"),
        format!("{name}.schema_migration"),
    );
    let there = client
        .query_typed(
            "SELECT to_regclass($1) IS NOT NULL, to_regclass($2) IS NOT NULL",
            &[(&tables, Type::TEXT), (&counted, Type::TEXT)],
        )
        .await?;
    let flag = |index| there.first().is_some_and(|row| row.get(index));
    let (made, is_counted) = (flag(0), flag(1));
    if is_counted {
        let count = format!("SELECT MAX(number), MAX(oldest) FROM {counted}");
        let count = client.query_typed(&count, &[]).await?;
        return number_and_oldest(&count);
    }
    if !made {
        return Ok(Schema::of_version(0));
    }
    let version = format!("SELECT version, version FROM {tables}");
    number_and_oldest(&client.query_typed(&version, &[]).await?)
}

fn number_and_oldest(rows: &[tokio_postgres::Row]) -> Result<Schema, Failure> {
    let Some(row) = rows.first() else {
        return Ok(Schema::of_version(0));
    };
    Ok(Schema {
        number: row.try_get(0)?,
        oldest: row.try_get(1)?,
    })
}

async fn migrate(client: &mut Client, name: &str) -> Result<Schema, Failure> {
    let transaction = client.transaction().await?;
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction
        .query_typed(lock, &[(&MIGRATION_LOCK, Type::INT8)])
        .await?;
    // While a step waits for a table that a backup reads, everybody else would wait behind it.
    transaction
        .batch_execute("SET LOCAL lock_timeout = '3s'")
        .await?;
    let there = transaction
        .query_typed(
            "SELECT TRUE WHERE to_regnamespace($1) IS NOT NULL",
            &[(&name, Type::TEXT)],
        )
        .await?;
    if there.is_empty() {
        let make = format!("CREATE SCHEMA IF NOT EXISTS {name}");
        transaction.batch_execute(&make).await?;
    }
    let found = schema(&transaction, name).await?;
    for step in found.left(&POSTGRES, &format!("{name}.")) {
        transaction.batch_execute(&step).await?;
    }
    let made = schema(&transaction, name).await?;
    transaction.commit().await?;
    Ok(made)
}

sql_store!(PostgresStore);
