//! How many links are written by one statement in SQL: as rows that a database makes of what it is given of them.

use super::LinkWrite;

/// How a database is told of them.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// As one text, an array in JSON.
    #[cfg(feature = "sqlite")]
    Json,
    /// As an array for each column.
    #[cfg(feature = "postgres")]
    Arrays,
}

/// The columns by their names, the key first, with their types and how `LinkRecord` has them in JSON.
const COLUMNS: [(&str, &str, &str); 12] = [
    ("platform", "TEXT", "platform"),
    ("app_user_id", "TEXT", "appUserId"),
    ("public_id", "TEXT", "publicId"),
    ("status", "TEXT", "status"),
    ("linked_at", "BIGINT", "linkedAt"),
    ("refreshed_at", "BIGINT", "refreshedAt"),
    ("lease", "TEXT", "lease"),
    ("lease_until", "BIGINT", "leaseUntil"),
    ("key_id", "TEXT", "keyId"),
    ("sealed", "TEXT", "sealed"),
    ("version", "BIGINT", "version"),
    ("shares_public_id", "BOOLEAN", "sharesPublicId"),
];
const KEYS: usize = 2;
/// The version that is expected: none of a new link.
const EXPECTED: (&str, &str, &str) = ("expected", "BIGINT", "expected");

/// Links that are written by one statement.
pub(super) struct Batch<'a> {
    pub writes: Vec<&'a LinkWrite>,
    /// Whether there is a column for it.
    pub knows_sharing: bool,
}

fn columns(knows_sharing: bool) -> &'static [(&'static str, &'static str, &'static str)] {
    &COLUMNS[..COLUMNS.len() - usize::from(!knows_sharing)]
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

impl Source {
    /// The rows, with a column `new_…` for each.
    fn rows(self, knows_sharing: bool) -> String {
        let given = || [&EXPECTED].into_iter().chain(columns(knows_sharing));
        match self {
            #[cfg(feature = "sqlite")]
            Self::Json => {
                let members = joined(given().map(|(name, kind, member)| {
                    let value = match *member {
                        // Left out where it is not so.
                        "sharesPublicId" => "COALESCE(value ->> 'sharesPublicId', FALSE)".into(),
                        _ => format!("value ->> '{member}'"),
                    };
                    format!("CAST({value} AS {kind}) AS new_{name}")
                }));
                format!("(SELECT {members} FROM json_each($1)) AS new")
            }
            #[cfg(feature = "postgres")]
            Self::Arrays => {
                let numbered = given().zip(1..);
                let arrays =
                    joined(numbered.map(|((_, kind, _), number)| format!("${number}::{kind}[]")));
                let names = joined(given().map(|(name, ..)| format!("new_{name}")));
                format!("unnest({arrays}) AS new ({names})")
            }
        }
    }

    /// Inserts those whose keys and public ids are free, and gives the users' ids.
    pub(super) fn insert(self, table: &str, knows_sharing: bool) -> String {
        let names = || columns(knows_sharing).iter().map(|(name, ..)| *name);
        let (rows, new) = (
            self.rows(knows_sharing),
            joined(names().map(|name| format!("new_{name}"))),
        );
        let names = joined(names().map(str::to_owned));
        format!(
            "INSERT INTO {table} ({names}) SELECT {new} FROM {rows} WHERE TRUE ON CONFLICT DO NOTHING RETURNING app_user_id"
        )
    }

    /// Writes over those that have the versions that are expected, and gives the users' ids.
    pub(super) fn update(self, table: &str, knows_sharing: bool) -> String {
        let rows = self.rows(knows_sharing);
        let others = columns(knows_sharing)[KEYS..].iter();
        let set = joined(others.map(|(name, ..)| format!("{name} = new_{name}")));
        format!(
            "UPDATE {table} SET {set} FROM {rows} WHERE platform = new_platform AND app_user_id = new_app_user_id AND version = new_expected \
             RETURNING app_user_id"
        )
    }
}

#[cfg(feature = "sqlite")]
mod json {
    use serde_json::Value;

    use super::{Batch, EXPECTED};
    use crate::connections::StoreFailure;

    impl Batch<'_> {
        /// All of them as one text.
        pub(in crate::connections) fn json(&self) -> Result<String, StoreFailure> {
            let values = self.writes.iter().map(|write| {
                let Ok(Value::Object(mut value)) = serde_json::to_value(&write.link) else {
                    return Err(StoreFailure::new("a link cannot be written as JSON"));
                };
                value.insert(EXPECTED.2.to_owned(), write.expected.into());
                Ok(Value::Object(value))
            });
            let values: Vec<Value> = values.collect::<Result<_, _>>()?;
            Ok(Value::Array(values).to_string())
        }
    }
}

#[cfg(feature = "postgres")]
mod arrays {
    use tokio_postgres::types::{ToSql, Type};

    use super::Batch;
    use crate::connections::{LinkRecord, LinkWrite};

    /// An array, and of what.
    type Array<'a> = (Box<dyn ToSql + Sync + Send + 'a>, Type);

    impl<'a> Batch<'a> {
        /// An array for each column, in the order in which the statement has them.
        pub(in crate::connections) fn arrays(&self) -> Vec<Array<'a>> {
            let mut arrays = vec![
                self.integers(|write| write.expected),
                self.texts(|link| Some(&link.platform)),
                self.texts(|link| Some(&link.app_user_id)),
                self.texts(|link| Some(&link.public_id)),
                self.texts(|link| Some(link.status.as_str())),
                self.integers(|write| Some(write.link.linked_at)),
                self.integers(|write| Some(write.link.refreshed_at)),
                self.texts(|link| link.lease.as_deref()),
                self.integers(|write| write.link.lease_until),
                self.texts(|link| Some(&link.key_id)),
                self.texts(|link| Some(&link.sealed)),
                self.integers(|write| Some(write.link.version)),
            ];
            if self.knows_sharing {
                let flags = self.writes.iter().map(|write| write.link.shares_public_id);
                arrays.push((Box::new(flags.collect::<Vec<_>>()), Type::BOOL_ARRAY));
            }
            arrays
        }

        fn texts(&self, text: impl Fn(&'a LinkRecord) -> Option<&'a str>) -> Array<'a> {
            let texts = self.writes.iter().map(|write| text(&write.link));
            (Box::new(texts.collect::<Vec<_>>()), Type::TEXT_ARRAY)
        }

        fn integers(&self, number: impl Fn(&'a LinkWrite) -> Option<i64>) -> Array<'a> {
            let numbers = self.writes.iter().map(|write| number(write));
            (Box::new(numbers.collect::<Vec<_>>()), Type::INT8_ARRAY)
        }
    }
}
