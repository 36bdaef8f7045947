//! Where an application says that connections are kept.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

#[cfg(feature = "sqlite")]
use super::SqliteStore;
use super::{HostStore, LinkStore};
use crate::Secret;

/// A store of links.
#[derive(Clone)]
pub enum Store {
    /// In memory: links end with the process.
    Memory,
    /// In a file of SQLite's, for the processes of one machine. Needs the feature `sqlite`.
    Sqlite(PathBuf),
    /// In PostgreSQL, for any number of machines: `postgres://user:password@host/database`. Needs the feature `postgres`.
    Postgres(Secret<String>),
    /// A store of the application's own.
    Own(Arc<dyn LinkStore>),
}

impl From<&str> for Store {
    fn from(text: &str) -> Self {
        if text == "memory" {
            Self::Memory
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.into())
        } else if unlike_a_name(text).is_some() {
            // As it is, so that it is told from a file of that name in some folder.
            Self::Sqlite(text.into())
        } else {
            // With slashes it is an address to others, of which some take the first for the root of the file system and some do not.
            let path = text.strip_prefix("sqlite:");
            let path = path.filter(|path| !path.starts_with("//"));
            Self::Sqlite(place(path.unwrap_or(text)))
        }
    }
}

/// The place that a path leads to from here, wherever the process goes later.
#[cfg(feature = "sqlite")]
fn place(path: &str) -> PathBuf {
    SqliteStore::place(path.as_ref())
}

/// Without SQLite it leads nowhere.
#[cfg(not(feature = "sqlite"))]
fn place(path: &str) -> PathBuf {
    path.into()
}

/// Whether a file's name ends as an address does that says how it is to be opened.
fn has_query(name: &str) -> bool {
    name.split_once('?')
        .is_some_and(|(_, query)| query.contains('='))
}

/// Why this one word, without a folder, was not meant as the name of a file.
fn unlike_a_name(word: &str) -> Option<&'static str> {
    match word {
        "undefined" | "null" | "None" => Some(
            "must be where links are kept, and not a word for nothing: what was to say so is not set. A file of that name is written with its folder, ./undefined",
        ),
        word if word != "memory" && word.eq_ignore_ascii_case("memory") => Some(
            "must be \"memory\", in small letters, for links that end with the process. A file of that name is written with its folder, ./MEMORY",
        ),
        _ => None,
    }
}

/// Why this is not the path of a file in which links were meant to be kept.
pub(super) fn unlike_a_path(path: &Path) -> Option<&'static str> {
    let names = || {
        path.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
    };
    if let Some(reason) = path.to_str().and_then(unlike_a_name) {
        Some(reason)
    } else if names().next().is_none() {
        Some("must not be an empty string")
    } else if names().any(|name| name.trim() != name) {
        Some("must have no blanks before or after a name")
    } else if names().next_back().is_some_and(|name| has_query(&name)) {
        Some(
            "must be the path of a file alone, without a query such as ?mode=ro, which SQLite would take for a part of its name",
        )
    } else if names().any(|name| name == ":memory:") {
        Some("must be \"memory\" for links that end with the process")
    } else if names().any(|name| name.contains("dbname=") || name.contains("host=")) {
        Some("must be an address that begins with postgres://, and not of the form name=value")
    } else if names().any(|name| name.eq_ignore_ascii_case("sqlite:")) {
        Some(
            "must be the path alone, without sqlite://: links.db from here, or /var/lib/app/links.db",
        )
    } else if names()
        .any(|name| name.ends_with(':') && name.to_ascii_lowercase().starts_with("postgres"))
    {
        Some("must begin with postgres://, in small letters and without the name of a driver")
    } else if names().any(|name| name.ends_with(':') || name.starts_with("file:")) {
        Some("must be \"memory\", the path of a file, or an address that begins with postgres://")
    } else {
        None
    }
}

impl<'de> Deserialize<'de> for Store {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choice;

        impl<'de> Visitor<'de> for Choice {
            type Value = Store;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"memory\", the path of a file, an address of PostgreSQL or a store")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Store, E> {
                Ok(text.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, methods: A) -> Result<Store, A::Error> {
                let store = HostStore::deserialize(MapAccessDeserializer::new(methods))?;
                Ok(Store::Own(Arc::new(store)))
            }
        }

        deserializer.deserialize_any(Choice)
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for Store {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Store".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let methods = HostStore::methods(generator);
        json_schema!({ "x-host": "store", "x-methods": methods })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// An address may hold a password, and a path the name of a person.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Sqlite(_) => "Sqlite",
            Self::Postgres(_) => "Postgres",
            Self::Own(_) => "Own",
        })
    }
}
