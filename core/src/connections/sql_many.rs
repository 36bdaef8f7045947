//! How many links are written by one statement in SQL: they travel as an array in JSON, of which SQLite and PostgreSQL both make rows.

use std::collections::HashMap;

use serde_json::Value;

use super::{LinkWrite, StoreFailure};

/// The columns by their names, with their types, beside the key and the version that is expected: `LinkRecord` has them in JSON.
const SET: &[(&str, &str, &str)] = &[
    ("public_id", "publicId", "TEXT"),
    ("status", "status", "TEXT"),
    ("linked_at", "linkedAt", "BIGINT"),
    ("refreshed_at", "refreshedAt", "BIGINT"),
    ("lease", "lease", "TEXT"),
    ("lease_until", "leaseUntil", "BIGINT"),
    ("key_id", "keyId", "TEXT"),
    ("sealed", "sealed", "TEXT"),
    ("version", "version", "BIGINT"),
];
const SHARING: (&str, &str, &str) = ("shares_public_id", "sharesPublicId", "BOOLEAN");
const KEY: &[(&str, &str, &str)] = &[
    ("platform", "platform", "TEXT"),
    ("app_user_id", "appUserId", "TEXT"),
];

/// Links that are written by one statement: whose are where among those that were given, and what it is given of them.
#[derive(Default)]
pub(super) struct Elements {
    pub places: HashMap<String, usize>,
    values: Vec<Value>,
}

impl Elements {
    pub(super) fn push(&mut self, place: usize, write: &LinkWrite) -> Result<(), StoreFailure> {
        let value = serde_json::to_value(&write.link);
        let Ok(Value::Object(mut value)) = value else {
            return Err(StoreFailure::new("a link cannot be written as JSON"));
        };
        value.insert("expected".to_owned(), write.expected.into());
        self.values.push(Value::Object(value));
        // Of one user's the first is written, and the others find it there.
        self.places
            .entry(write.link.app_user_id.clone())
            .or_insert(place);
        Ok(())
    }

    /// All of them; nothing where there are none.
    pub(super) fn array(&mut self) -> Option<String> {
        let values = std::mem::take(&mut self.values);
        (!values.is_empty()).then(|| Value::Array(values).to_string())
    }
}

fn columns(
    knows_sharing: bool,
) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    SET.iter().chain(knows_sharing.then_some(&SHARING))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// A member of an element, as its column has it.
fn member((_, member, kind): &(&str, &str, &str)) -> String {
    match *member {
        // Left out where it is not so.
        "sharesPublicId" => format!("CAST(COALESCE(value ->> '{member}', 'false') AS {kind})"),
        _ => format!("CAST(value ->> '{member}' AS {kind})"),
    }
}

/// Inserts those whose keys and public ids are free, and gives the users' ids.
pub(super) fn insert(table: &str, each: &str, knows_sharing: bool) -> String {
    let all = || KEY.iter().chain(columns(knows_sharing));
    let (names, members) = (
        joined(all().map(|(name, ..)| (*name).to_owned())),
        joined(all().map(member)),
    );
    format!(
        "INSERT INTO {table} ({names}) SELECT {members} FROM {each} WHERE TRUE ON CONFLICT DO NOTHING RETURNING app_user_id"
    )
}

/// Writes over those that have the versions that are expected, and gives the users' ids.
pub(super) fn update(table: &str, each: &str, knows_sharing: bool) -> String {
    let all = || KEY.iter().chain(columns(knows_sharing));
    let members = joined(all().map(|column| format!("{} AS new_{}", member(column), column.0)));
    let set = joined(columns(knows_sharing).map(|(name, ..)| format!("{name} = new_{name}")));
    format!(
        "UPDATE {table} SET {set} FROM (SELECT {members}, CAST(value ->> 'expected' AS BIGINT) AS new_expected FROM {each}) AS new \
         WHERE platform = new_platform AND app_user_id = new_app_user_id AND version = new_expected RETURNING app_user_id"
    )
}
