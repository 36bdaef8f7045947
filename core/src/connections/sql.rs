//! The statements of a store in SQL: what SQLite and PostgreSQL have in common, which is all but how they are opened.

use std::time::Duration;

use sqlx::AssertSqlSafe;

use super::{AttemptRecord, AttemptStatus, LinkRecord, LinkStatus, StoreFailure};

/// The version of the schema that this version of the SDK makes and needs.
pub(super) const SCHEMA_VERSION: i64 = 1;

/// How long a call waits for a connection or a lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections a process holds at most.
pub(super) const CONNECTIONS: u32 = 8;

/// What makes the tables, `schema` being empty or a name with a dot.
pub(super) fn schema(schema: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(include_str!("schema.sql").replace("{schema}", schema))
}

/// The statements on the tables, written once for all calls.
pub(super) struct Statements {
    pub link: String,
    pub links_of: String,
    pub links_after: String,
    pub insert_link: String,
    pub update_link: String,
    pub remove_link: String,
    pub attempt: String,
    pub insert_attempt: String,
    pub update_attempt: String,
    pub remove_attempts: String,
}

const LINK: &str = "platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version";
const ATTEMPT: &str = "platform, id, app_user_id, status, expires_at, key_id, sealed, version";

impl Statements {
    pub(super) fn new(schema: &str) -> Self {
        let link = format!("{schema}link");
        let attempt = format!("{schema}link_attempt");
        Self {
            link: format!("SELECT {LINK} FROM {link} WHERE platform = $1 AND app_user_id = $2"),
            links_of: format!("SELECT {LINK} FROM {link} WHERE platform = $1 AND public_id = $2"),
            links_after: format!(
                "SELECT {LINK} FROM {link} WHERE platform = $1 AND app_user_id > $2 ORDER BY app_user_id LIMIT $3"
            ),
            insert_link: format!(
                "INSERT INTO {link} ({LINK}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"
            ),
            update_link: format!(
                "UPDATE {link} SET public_id = $3, status = $4, linked_at = $5, refreshed_at = $6, lease = $7, lease_until = $8, key_id = $9, sealed = $10, version = $11 WHERE platform = $1 AND app_user_id = $2 AND version = $12"
            ),
            remove_link: format!(
                "DELETE FROM {link} WHERE platform = $1 AND app_user_id = $2 AND version = $3"
            ),
            attempt: format!("SELECT {ATTEMPT} FROM {attempt} WHERE platform = $1 AND id = $2"),
            insert_attempt: format!(
                "INSERT INTO {attempt} ({ATTEMPT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
            ),
            update_attempt: format!(
                "UPDATE {attempt} SET app_user_id = $3, status = $4, expires_at = $5, key_id = $6, sealed = $7, version = $8 WHERE platform = $1 AND id = $2 AND version = $9"
            ),
            remove_attempts: format!(
                "DELETE FROM {attempt} WHERE platform = $1 AND expires_at < $2"
            ),
        }
    }
}

pub(super) type LinkRow = (
    String,
    String,
    String,
    String,
    i64,
    i64,
    Option<String>,
    Option<i64>,
    String,
    String,
    i64,
);

pub(super) type AttemptRow = (String, String, String, String, i64, String, String, i64);

impl TryFrom<LinkRow> for LinkRecord {
    type Error = StoreFailure;

    fn try_from(row: LinkRow) -> Result<Self, StoreFailure> {
        let (
            platform,
            app_user_id,
            public_id,
            status,
            linked_at,
            refreshed_at,
            lease,
            lease_until,
            key_id,
            sealed,
            version,
        ) = row;
        Ok(Self {
            platform,
            app_user_id,
            public_id,
            status: LinkStatus::parse(&status).ok_or_else(unknown_status)?,
            linked_at,
            refreshed_at,
            lease,
            lease_until,
            key_id,
            sealed,
            version,
        })
    }
}

impl TryFrom<AttemptRow> for AttemptRecord {
    type Error = StoreFailure;

    fn try_from(row: AttemptRow) -> Result<Self, StoreFailure> {
        let (platform, id, app_user_id, status, expires_at, key_id, sealed, version) = row;
        Ok(Self {
            platform,
            id,
            app_user_id,
            status: AttemptStatus::parse(&status).ok_or_else(unknown_status)?,
            expires_at,
            key_id,
            sealed,
            version,
        })
    }
}

fn unknown_status() -> StoreFailure {
    StoreFailure::new("a record has a status that this version of the SDK does not know")
}

/// Whether a change found what it expected: not if a record with the same unique columns was there first.
pub(super) fn wrote(outcome: Result<u64, sqlx::Error>) -> Result<bool, StoreFailure> {
    match outcome {
        Ok(rows) => Ok(rows > 0),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(failure(&error)),
    }
}

/// The failure in words. What the driver says may hold values of a row or parts of the address: its kind and code are told.
pub(super) fn failure(error: &sqlx::Error) -> StoreFailure {
    StoreFailure::new(match error {
        sqlx::Error::Io(error) => format!("the database cannot be reached ({})", error.kind()),
        sqlx::Error::Tls(_) => "the database's TLS certificate was not accepted".to_owned(),
        sqlx::Error::PoolTimedOut => format!(
            "the database gave no connection within {} seconds",
            PATIENCE.as_secs()
        ),
        sqlx::Error::Database(error) => match error.code() {
            Some(code) => format!("the database reports error {code}"),
            None => "the database reports an error".to_owned(),
        },
        sqlx::Error::ColumnDecode { index, .. } => {
            format!("the column {index} has another type than the schema says")
        }
        _ => "the database cannot be used".to_owned(),
    })
}

/// Implements `LinkStore` for a store that has `pool()` and `statements`.
macro_rules! sql_store {
    ($store:ty) => {
        impl LinkStore for $store {
            fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
                Box::pin(async move {
                    let row: Option<LinkRow> = query_as(AssertSqlSafe(&*self.statements.link))
                        .bind(key.platform)
                        .bind(key.app_user_id)
                        .fetch_optional(self.pool().await?)
                        .await
                        .map_err(|error| failure(&error))?;
                    row.map(LinkRecord::try_from).transpose()
                })
            }

            fn links_of<'a>(
                &'a self,
                platform: &'a str,
                public_id: &'a str,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let rows: Vec<LinkRow> = query_as(AssertSqlSafe(&*self.statements.links_of))
                        .bind(platform)
                        .bind(public_id)
                        .fetch_all(self.pool().await?)
                        .await
                        .map_err(|error| failure(&error))?;
                    rows.into_iter().map(LinkRecord::try_from).collect()
                })
            }

            fn links_after<'a>(
                &'a self,
                platform: &'a str,
                after: &'a str,
                limit: u32,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let rows: Vec<LinkRow> = query_as(AssertSqlSafe(&*self.statements.links_after))
                        .bind(platform)
                        .bind(after)
                        .bind(i64::from(limit))
                        .fetch_all(self.pool().await?)
                        .await
                        .map_err(|error| failure(&error))?;
                    rows.into_iter().map(LinkRecord::try_from).collect()
                })
            }

            fn put_link<'a>(
                &'a self,
                link: &'a LinkRecord,
                expected: Option<i64>,
            ) -> Stored<'a, bool> {
                Box::pin(async move {
                    let statement = match expected {
                        Some(_) => &*self.statements.update_link,
                        None => &*self.statements.insert_link,
                    };
                    let mut statement = query(AssertSqlSafe(statement))
                        .bind(&link.platform)
                        .bind(&link.app_user_id)
                        .bind(&link.public_id)
                        .bind(link.status.as_str())
                        .bind(link.linked_at)
                        .bind(link.refreshed_at)
                        .bind(&link.lease)
                        .bind(link.lease_until)
                        .bind(&link.key_id)
                        .bind(&link.sealed)
                        .bind(link.version);
                    if let Some(expected) = expected {
                        statement = statement.bind(expected);
                    }
                    let done = statement.execute(self.pool().await?).await;
                    wrote(done.map(|done| done.rows_affected()))
                })
            }

            fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
                Box::pin(async move {
                    let done = query(AssertSqlSafe(&*self.statements.remove_link))
                        .bind(key.platform)
                        .bind(key.app_user_id)
                        .bind(version)
                        .execute(self.pool().await?)
                        .await;
                    wrote(done.map(|done| done.rows_affected()))
                })
            }

            fn attempt<'a>(
                &'a self,
                platform: &'a str,
                id: &'a str,
            ) -> Stored<'a, Option<AttemptRecord>> {
                Box::pin(async move {
                    let row: Option<AttemptRow> =
                        query_as(AssertSqlSafe(&*self.statements.attempt))
                            .bind(platform)
                            .bind(id)
                            .fetch_optional(self.pool().await?)
                            .await
                            .map_err(|error| failure(&error))?;
                    row.map(AttemptRecord::try_from).transpose()
                })
            }

            fn put_attempt<'a>(
                &'a self,
                attempt: &'a AttemptRecord,
                expected: Option<i64>,
            ) -> Stored<'a, bool> {
                Box::pin(async move {
                    let statement = match expected {
                        Some(_) => &*self.statements.update_attempt,
                        None => &*self.statements.insert_attempt,
                    };
                    let mut statement = query(AssertSqlSafe(statement))
                        .bind(&attempt.platform)
                        .bind(&attempt.id)
                        .bind(&attempt.app_user_id)
                        .bind(attempt.status.as_str())
                        .bind(attempt.expires_at)
                        .bind(&attempt.key_id)
                        .bind(&attempt.sealed)
                        .bind(attempt.version);
                    if let Some(expected) = expected {
                        statement = statement.bind(expected);
                    }
                    let done = statement.execute(self.pool().await?).await;
                    wrote(done.map(|done| done.rows_affected()))
                })
            }

            fn remove_attempts<'a>(
                &'a self,
                platform: &'a str,
                expired_before: i64,
            ) -> Stored<'a, ()> {
                Box::pin(async move {
                    let done = query(AssertSqlSafe(&*self.statements.remove_attempts))
                        .bind(platform)
                        .bind(expired_before)
                        .execute(self.pool().await?)
                        .await;
                    done.map(drop).map_err(|error| failure(&error))
                })
            }
        }
    };
}
pub(super) use sql_store;
