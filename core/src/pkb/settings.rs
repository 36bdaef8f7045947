//! A configuration with its defaults in place, understood or refused before anything is sent.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::addresses::Addresses;
use super::linking::redirect_uri::RedirectUri;
use super::store_choice::unlike_a_path;
use super::tokens::hooks::Hooks;
use super::{ClientAuthentication, Config, Store, SystemClient};
#[cfg(feature = "sqlite")]
use crate::connections::SqliteStore;
use crate::connections::{Connections, EncryptionKey, LinkStore, MemoryStore, Vault};
#[cfg(feature = "postgres")]
use crate::connections::{PostgresStore, StoreFailure};
use crate::error::{Invalid, Words};
use crate::http::{RetryOptions, Timeouts, TraceContextHook};
use crate::trust::Trust;
use crate::{Error, NonEmptyString, Secret, World};

/// The settings of a client, without its links.
pub(crate) struct Settings {
    pub client_id: NonEmptyString,
    pub client_secret: Option<Secret<NonEmptyString>>,
    pub client_authentication: ClientAuthentication,
    pub redirect_uri: RedirectUri,
    pub scope: NonEmptyString,
    pub pkce: bool,
    pub link_timeout: Duration,
    pub refresh_margin: Duration,
    pub refresh_lease: Duration,
    pub system_client: Option<SystemClient>,
    pub endpoints: Addresses,
    pub retry_options: RetryOptions,
    pub trace_context: Option<TraceContextHook>,
    pub timeouts: Timeouts,
    pub hooks: Hooks,
}

/// Reads a configuration; beside the settings come the links that it says where to find.
pub(crate) fn understand(
    config: Config,
    world: &World,
    trust: Trust,
) -> Result<(Settings, Connections), Error> {
    let endpoints = Addresses::of(
        config.environment,
        config.endpoints.unwrap_or_default(),
        config.trusted_origins,
    )?;
    let client_authentication = match (config.client_authentication, &config.client_secret) {
        (Some(ClientAuthentication::Body | ClientAuthentication::Basic), None) => {
            return Err(Invalid::new(
                "config.clientSecret",
                "is missing, which clientAuthentication needs",
            )
            .into());
        }
        (Some(authentication), _) => authentication,
        (None, Some(_)) => ClientAuthentication::Body,
        (None, None) => ClientAuthentication::None,
    };
    let (store, lasting) = open_store(config.store, config.store_schema.as_deref(), trust)?;
    let vault = vault(
        config.encryption_key.as_ref(),
        &config.previous_encryption_keys.unwrap_or_default(),
        lasting,
        world,
    )?;
    let links = Connections::new(store, vault, endpoints.platform());
    let or =
        |milliseconds: Option<u64>, default| Duration::from_millis(milliseconds.unwrap_or(default));
    let settings = Settings {
        client_id: config.client_id,
        client_secret: config.client_secret,
        client_authentication,
        redirect_uri: RedirectUri::parse(config.redirect_uri)?,
        scope: match config.scope {
            Some(scope) => scope,
            None => "PATIENT".parse().map_err(|_| Error::sdk("no scope"))?,
        },
        pkce: config.pkce.unwrap_or(false),
        link_timeout: or(config.link_timeout, 15 * 60 * 1000),
        refresh_margin: or(config.refresh_margin, 60_000),
        refresh_lease: lease(config.refresh_lease)?,
        system_client: config.system_client,
        endpoints,
        retry_options: config.retry_options.unwrap_or_default(),
        trace_context: config.trace_context,
        timeouts: config
            .timeouts
            .unwrap_or_default()
            .over(Timeouts::default()),
        hooks: Hooks {
            tokens_changed: config.on_tokens_changed,
            link_expired: config.on_link_expired,
        },
    };
    Ok((settings, links))
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
