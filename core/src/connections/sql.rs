//! The statements of a store in SQL: what SQLite and PostgreSQL have in common, which is all but how they are opened.

use std::time::Duration;

use serde_json::{Map, Value};

use super::migrations::{SHARED_PUBLIC_IDS, Schema};
use super::{AttemptRecord, AttemptStatus, LinkRecord, LinkStatus, StoreFailure};

/// How long a call waits for a connection or a lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections a process holds at most.
pub(super) const CONNECTIONS: u32 = 8;

/// The statements on the tables, written once for all calls.
pub(super) struct Statements {
    pub link: String,
    pub links_of: String,
    pub links_after: String,
    pub count_links: String,
    pub links_under_other_keys: String,
    pub insert_link: String,
    pub update_link: String,
    pub remove_link: String,
    pub attempt: String,
    pub insert_attempt: String,
    pub update_attempt: String,
    pub remove_attempts: String,
    /// Whether there is a column for it.
    pub knows_sharing: bool,
}

const LINK: &str = "platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version";
const ATTEMPT: &str = "platform, id, app_user_id, status, expires_at, key_id, sealed, version";

impl Statements {
    /// The statements for a schema, `name` being empty or its name with a dot. A process may be older than the schema, and may have no right
    /// to bring it up to date, so that each column is named: what others have added stays as it is.
    pub(super) fn new(name: &str, schema: Schema) -> Self {
        let link = format!("{name}link");
        let attempt = format!("{name}link_attempt");
        let knows_sharing = schema.number >= SHARED_PUBLIC_IDS;
        let (read, insert, value, set, expected) = if knows_sharing {
            (
                "shares_public_id",
                ", shares_public_id",
                ", $12",
                ", shares_public_id = $12",
                "$13",
            )
        } else {
            ("FALSE", "", "", "", "$12")
        };
        let select = format!("SELECT {LINK}, {read} FROM {link} WHERE platform = $1");
        let page = "ORDER BY app_user_id LIMIT";
        Self {
            link: format!("{select} AND app_user_id = $2"),
            links_of: format!("{select} AND public_id = $2"),
            links_after: format!("{select} AND app_user_id > $2 {page} $3"),
            count_links: format!("SELECT COUNT(*) FROM {link} WHERE platform = $1"),
            // Written so, PostgreSQL finds them by its index.
            links_under_other_keys: format!(
                "{select} AND (key_id < $2 OR key_id > $2) AND app_user_id > $3 {page} $4"
            ),
            insert_link: format!(
                "INSERT INTO {link} ({LINK}{insert}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11{value}) ON CONFLICT DO NOTHING"
            ),
            update_link: format!(
                "UPDATE {link} SET public_id = $3, status = $4, linked_at = $5, refreshed_at = $6, lease = $7, lease_until = $8, key_id = $9, sealed = $10, version = $11{set} WHERE platform = $1 AND app_user_id = $2 AND version = {expected}"
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
            knows_sharing,
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
    bool,
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
            shares_public_id,
        ) = row;
        Ok(Self {
            platform,
            app_user_id,
            public_id,
            shares_public_id,
            status: LinkStatus::parse(&status).ok_or_else(unknown_status)?,
            linked_at,
            refreshed_at,
            lease,
            lease_until,
            key_id,
            sealed,
            version,
            other: Map::new(),
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
            other: Map::new(),
        })
    }
}

fn unknown_status() -> StoreFailure {
    StoreFailure::new("a record has a status that this version of the SDK does not know")
}

/// What is in no column must not be lost in silence.
pub(super) fn check_members(other: &Map<String, Value>) -> Result<(), StoreFailure> {
    if other.is_empty() {
        return Ok(());
    }
    Err(StoreFailure::new(
        "a record has members that this version of the SDK has no columns for",
    ))
}

pub(super) fn check_sharing(
    link: &LinkRecord,
    statements: &Statements,
) -> Result<(), StoreFailure> {
    if statements.knows_sharing || !link.shares_public_id {
        return Ok(());
    }
    Err(StoreFailure::new(
        "it has no column for what this link needs: whoever may change its tables runs migration 2, which docs/pkb.md has under \"The store\"",
    ))
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
