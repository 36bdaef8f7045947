//! The statements of a store in SQL: what SQLite and PostgreSQL have in common, which is all but how they are opened.

use std::time::Duration;

use serde_json::{Map, Value};

use super::migrations::{SHARED_PUBLIC_IDS, Schema};
use super::sql_many::Source;
use super::{AttemptRecord, AttemptStatus, LinkRecord, LinkStatus, StoreFailure};

/// How long a statement may take, and how long is waited for a connection or a lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The statements on the tables, written once for all calls.
pub(super) struct Statements {
    pub link: String,
    /// Those of several users, of a database that takes arrays.
    #[cfg(feature = "postgres")]
    pub links_among: String,
    pub links_of: String,
    pub links_after: String,
    /// Where so many links end that come after one.
    pub stretch: String,
    pub links_where: String,
    pub count_links: String,
    pub links_under_other_keys: String,
    pub insert_link: String,
    pub update_link: String,
    pub remove_link: String,
    pub attempt: String,
    pub insert_attempt: String,
    pub update_attempt: String,
    pub remove_attempts: String,
    pub remove_attempts_of: String,
    pub insert_links: String,
    pub update_links: String,
    /// Whether there is a column for it.
    pub knows_sharing: bool,
}

pub(super) const LINK: &str = "platform, app_user_id, public_id, status, linked_at, refreshed_at, lease, lease_until, key_id, sealed, version";
const ATTEMPT: &str = "platform, id, app_user_id, status, expires_at, key_id, sealed, version";

impl Statements {
    /// The statements for a schema, `name` being empty or its name with a dot. A process may be older than the schema, and may have no right
    /// to bring it up to date, so that each column is named: what others have added stays as it is.
    pub(super) fn new(name: &str, schema: Schema, source: Source) -> Self {
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
            #[cfg(feature = "postgres")]
            links_among: format!("{select} AND app_user_id = ANY($2)"),
            links_of: format!("{select} AND public_id = $2"),
            links_after: format!("{select} AND app_user_id > $2 {page} $3"),
            stretch: format!(
                "SELECT MAX(app_user_id) FROM (SELECT app_user_id FROM {link} WHERE platform = $1 AND app_user_id > $2 {page} $3) AS stretch"
            ),
            links_where: format!(
                "{select} AND app_user_id > $2 AND app_user_id <= $3 AND ($4 = '' OR status = $4) AND refreshed_at < $5 {page} $6"
            ),
            count_links: format!(
                "SELECT status, COUNT(*) FROM {link} WHERE platform = $1 GROUP BY status"
            ),
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
            remove_attempts_of: format!(
                "DELETE FROM {attempt} WHERE platform = $1 AND app_user_id = $2"
            ),
            insert_links: source.insert(&link, knows_sharing),
            update_links: source.update(&link, knows_sharing),
            knows_sharing,
        }
    }
}

/// A value that goes to a database.
#[derive(Debug, Clone)]
pub(super) enum Param {
    Text(Option<String>),
    Integer(Option<i64>),
    Flag(bool),
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<&String> for Param {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<&Option<String>> for Param {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Param {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Param {
    fn from(number: u32) -> Self {
        Self::Integer(Some(number.into()))
    }
}

/// A value that comes from a database.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Flag(bool),
}

/// A row, from its first column to its last.
pub(super) struct Row {
    cells: std::vec::IntoIter<Cell>,
    read: usize,
}

impl Row {
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self {
            cells: cells.into_iter(),
            read: 0,
        }
    }

    fn next(&mut self) -> Result<Cell, StoreFailure> {
        self.read += 1;
        self.cells.next().ok_or_else(|| self.misfit())
    }

    fn misfit(&self) -> StoreFailure {
        StoreFailure::new(format!(
            "column {} of a row has another type than the schema says",
            self.read
        ))
    }

    pub(super) fn text(&mut self) -> Result<String, StoreFailure> {
        match self.next()? {
            Cell::Text(text) => Ok(text),
            _ => Err(self.misfit()),
        }
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<String>, StoreFailure> {
        match self.next()? {
            Cell::Text(text) => Ok(Some(text)),
            Cell::Null => Ok(None),
            _ => Err(self.misfit()),
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64, StoreFailure> {
        match self.next()? {
            Cell::Integer(number) => Ok(number),
            _ => Err(self.misfit()),
        }
    }

    pub(super) fn optional_integer(&mut self) -> Result<Option<i64>, StoreFailure> {
        match self.next()? {
            Cell::Integer(number) => Ok(Some(number)),
            Cell::Null => Ok(None),
            _ => Err(self.misfit()),
        }
    }

    /// SQLite has no type for it but a number.
    pub(super) fn flag(&mut self) -> Result<bool, StoreFailure> {
        match self.next()? {
            Cell::Flag(flag) => Ok(flag),
            Cell::Integer(number) => Ok(number != 0),
            _ => Err(self.misfit()),
        }
    }
}

impl TryFrom<Row> for LinkRecord {
    type Error = StoreFailure;

    fn try_from(mut row: Row) -> Result<Self, StoreFailure> {
        Ok(Self {
            platform: row.text()?,
            app_user_id: row.text()?,
            public_id: row.text()?,
            status: LinkStatus::parse(&row.text()?).ok_or_else(unknown_status)?,
            linked_at: row.integer()?,
            refreshed_at: row.integer()?,
            lease: row.optional_text()?,
            lease_until: row.optional_integer()?,
            key_id: row.text()?,
            sealed: row.text()?,
            version: row.integer()?,
            shares_public_id: row.flag()?,
            other: Map::new(),
        })
    }
}

impl TryFrom<Row> for AttemptRecord {
    type Error = StoreFailure;

    fn try_from(mut row: Row) -> Result<Self, StoreFailure> {
        Ok(Self {
            platform: row.text()?,
            id: row.text()?,
            app_user_id: row.text()?,
            status: AttemptStatus::parse(&row.text()?).ok_or_else(unknown_status)?,
            expires_at: row.integer()?,
            key_id: row.text()?,
            sealed: row.text()?,
            version: row.integer()?,
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
