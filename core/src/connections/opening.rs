//! How the connections of a configuration are opened: which store keeps them, under which keys, and how long a refresh may take.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "sqlite")]
use super::SqliteStore;
use super::cached_tokens::CachedTokens;
use super::cipher_key::CipherKey;
use super::data_keys::{DataKeys, Service};
use super::keeping::Keeping;
use super::store_choice::unlike_a_path;
use super::vault::Vault;
use super::{Connections, EncryptionKey, LinkStore, MemoryStore, Store};
#[cfg(feature = "postgres")]
use super::{PostgresStore, StoreFailure};
use crate::error::{Invalid, Words};
use crate::trust::Trust;
use crate::{Error, Secret, World};

/// What a configuration says of the connections.
pub(crate) struct Opening {
    pub store: Option<Store>,
    pub schema: Option<String>,
    pub encryption_key: Option<EncryptionKey>,
    pub previous_encryption_keys: Option<Vec<EncryptionKey>>,
    pub refresh_lease: Option<u64>,
    pub refresh_margin: Option<u64>,
    pub cache_tokens_for: Option<u64>,
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
            ("config.cacheTokensFor", self.cache_tokens_for.is_some()),
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
        let vault = vault(self.encryption_key, previous, lasting, world)?;
        let cached_for = Duration::from_millis(self.cache_tokens_for.unwrap_or(0));
        let cached = CachedTokens::new(cached_for);
        Ok(Connections::new(store, vault, platform, cached))
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

/// Shorter than this no key can be used that was unwrapped.
const SHORTEST_CACHE: Duration = Duration::from_secs(1);

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
    let invalid = |path| move |failure: StoreFailure| Invalid::new(path, failure.to_string());
    let schema_is_one = schema.map_or(Ok(()), PostgresStore::check_schema);
    schema_is_one.map_err(invalid("config.storeSchema"))?;
    let store = PostgresStore::new(address.expose(), schema).map_err(invalid("config.store"))?;
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
    current: Option<EncryptionKey>,
    previous: Vec<EncryptionKey>,
    lasting: bool,
    world: &World,
) -> Result<Vault, Error> {
    let mut services = Vec::new();
    let sealing = match current {
        Some(key) => held(key, "config.encryptionKey".into(), &mut services)?,
        None if lasting => {
            return Err(Invalid::new(
                "config.encryptionKey",
                "is missing: tokens are not stored unencrypted. `openssl rand -base64 32` makes one; keep it apart from the store",
            )
            .into());
        }
        None => Some(CipherKey::random(world)?),
    };
    let mut opening = Vec::new();
    for (index, key) in previous.into_iter().enumerate() {
        let path = Words::from("config.previousEncryptionKeys").given(&format!("[{index}]"));
        opening.extend(held(key, path, &mut services)?);
    }
    let data_keys = DataKeys::new(services, world);
    Ok(Vault::new(sealing, opening, data_keys))
}

/// The key, if the application holds it; else the service that wraps keys comes to the others.
fn held(
    key: EncryptionKey,
    path: Words,
    services: &mut Vec<Service>,
) -> Result<Option<CipherKey>, Error> {
    match key {
        EncryptionKey::Held(key) => {
            let reason = "expected 32 bytes in base64 or hexadecimal digits, as `openssl rand -base64 32` makes them";
            let key = CipherKey::parse(key.expose()).ok_or_else(|| Invalid::new(path, reason))?;
            Ok(Some(key))
        }
        EncryptionKey::Wrapped { cached_for, .. } if cached_for < SHORTEST_CACHE => {
            let reason = "must be at least 1,000 milliseconds: the service would be asked for each record again";
            Err(Invalid::new(path.own(".cacheFor"), reason).into())
        }
        EncryptionKey::Wrapped { by, cached_for } => {
            services.push(Service { by, cached_for });
            Ok(None)
        }
    }
}
