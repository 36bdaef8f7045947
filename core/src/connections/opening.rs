//! How the connections of a configuration are opened: which store keeps them, under which keys, and how long a refresh may take.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "sqlite")]
use super::SqliteStore;
use super::keeping::Keeping;
use super::store_choice::unlike_a_path;
use super::{Connections, EncryptionKey, LinkStore, MemoryStore, Store, Vault};
#[cfg(feature = "postgres")]
use super::{PostgresStore, StoreFailure};
use crate::error::{Invalid, Words};
use crate::trust::Trust;
use crate::{Error, Secret, World};

/// What a configuration says of the connections.
pub(crate) struct Opening {
    pub store: Option<Store>,
    pub schema: Option<String>,
    pub encryption_key: Option<Secret<String>>,
    pub previous_encryption_keys: Option<Vec<Secret<String>>>,
    pub refresh_lease: Option<u64>,
    pub refresh_margin: Option<u64>,
}

impl Opening {
    /// How they are kept.
    pub(crate) fn keeping(&self) -> Result<Keeping, Error> {
        let margin = Duration::from_millis(self.refresh_margin.unwrap_or(60_000));
        Ok(Keeping::new(lease(self.refresh_lease)?, margin))
    }

    /// The same, of a client that need not keep any: none without a store.
    pub(crate) fn connections_if_any(
        self,
        platform: String,
        trust: Trust,
        world: &World,
    ) -> Result<Option<Connections>, Error> {
        if self.store.is_some() {
            return self.connections(platform, trust, world).map(Some);
        }
        let unused = [
            ("config.storeSchema", self.schema.is_some()),
            ("config.encryptionKey", self.encryption_key.is_some()),
            (
                "config.previousEncryptionKeys",
                self.previous_encryption_keys.is_some(),
            ),
        ];
        match unused.into_iter().find(|(_, is_given)| *is_given) {
            Some((path, _)) => Err(Invalid::new(path, "has no meaning without store").into()),
            None => Ok(None),
        }
    }

    /// The connections with a platform.
    pub(crate) fn connections(
        self,
        platform: String,
        trust: Trust,
        world: &World,
    ) -> Result<Connections, Error> {
        let (store, lasting) = open_store(self.store, self.schema.as_deref(), trust)?;
        let previous = self.previous_encryption_keys.unwrap_or_default();
        let vault = vault(self.encryption_key.as_ref(), &previous, lasting, world)?;
        Ok(Connections::new(store, vault, platform))
    }
}

/// Shorter than this no answer can be waited for under it, and codes and refresh tokens would be spent for nothing.
const SHORTEST_LEASE: u64 = 3000;

fn lease(milliseconds: Option<u64>) -> Result<Duration, Error> {
    match milliseconds.unwrap_or(30_000) {
        short if short < SHORTEST_LEASE => Err(Invalid::new(
            "config.refreshLease",
            format!("must be at least {SHORTEST_LEASE} milliseconds: an answer that comes later is lost, and with it what was spent for it"),
        )
        .into()),
        enough => Ok(Duration::from_millis(enough)),
    }
}

/// The store, and whether what it keeps outlasts the process.
fn open_store(
    store: Option<Store>,
    schema: Option<&str>,
    trust: Trust,
) -> Result<(Arc<dyn LinkStore>, bool), Error> {
    Ok(match store.unwrap_or(Store::Memory) {
        Store::Memory => (Arc::new(MemoryStore::default()), false),
        Store::Sqlite(path) => match unlike_a_path(&path) {
            Some(reason) => return Err(Invalid::new("config.store", reason).into()),
            None => (in_sqlite(path)?, true),
        },
        Store::Postgres(address) => (in_postgres(&address, schema, trust)?, true),
        Store::Own(store) => (store, true),
    })
}

#[cfg(feature = "sqlite")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "it fails where there is no SQLite"
)]
fn in_sqlite(path: PathBuf) -> Result<Arc<dyn LinkStore>, Error> {
    Ok(Arc::new(SqliteStore::new(path)))
}

#[cfg(not(feature = "sqlite"))]
fn in_sqlite(_: PathBuf) -> Result<Arc<dyn LinkStore>, Error> {
    Err(Invalid::new(
        "config.store",
        "is a file of SQLite's, which this build is without: turn on the feature \"sqlite\" of the crate digime-sdk",
    )
    .into())
}

#[cfg(feature = "postgres")]
fn in_postgres(
    address: &Secret<String>,
    schema: Option<&str>,
    trust: Trust,
) -> Result<Arc<dyn LinkStore>, Error> {
    let invalid = |failure: StoreFailure| Invalid::new("config.store", failure.to_string());
    let store = PostgresStore::new(address.expose(), schema).map_err(invalid)?;
    Ok(Arc::new(store.trusting(trust)))
}

#[cfg(not(feature = "postgres"))]
fn in_postgres(_: &Secret<String>, _: Option<&str>, _: Trust) -> Result<Arc<dyn LinkStore>, Error> {
    Err(Invalid::new(
        "config.store",
        "is an address of PostgreSQL, which this build is without: turn on the feature \"postgres\" of the crate digime-sdk",
    )
    .into())
}

fn vault(
    current: Option<&Secret<String>>,
    previous: &[Secret<String>],
    lasting: bool,
    world: &World,
) -> Result<Vault, Error> {
    let parse = |path: Words, key: &Secret<String>| {
        let reason = "expected 32 bytes in base64 or hexadecimal digits, as `openssl rand -base64 32` makes them";
        EncryptionKey::parse(key.expose()).ok_or_else(|| Error::from(Invalid::new(path, reason)))
    };
    let current = match current {
        Some(key) => parse("config.encryptionKey".into(), key)?,
        None if lasting => {
            return Err(Invalid::new(
                "config.encryptionKey",
                "is missing: tokens are not stored unencrypted. `openssl rand -base64 32` makes one; keep it apart from the store",
            )
            .into());
        }
        None => EncryptionKey::random(world)?,
    };
    let previous = previous
        .iter()
        .enumerate()
        .map(|(index, key)| {
            let path = Words::from("config.previousEncryptionKeys");
            parse(path.given(&format!("[{index}]")), key)
        })
        .collect::<Result<_, _>>()?;
    Ok(Vault::new(current, previous))
}
