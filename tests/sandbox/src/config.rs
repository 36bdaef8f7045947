//! What the platform is set up with: application, contracts, keys, sources and lifetimes, given or made afresh.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use crate::contract::{Access, Contract, ContractFile};
use crate::keys::{self, KeyError, PlatformKey};
use crate::pkb::{PkbConfig, PkbFile, PkbSettings};
use crate::random;
use crate::sources::{Source, Sources};

/// Why the sandbox could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The file is not JSON of the expected shape. Only the place is told, because the file holds keys.
    #[error("the configuration file is not as expected at line {line}, column {column}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A key is unusable.
    #[error("a key cannot be used: {0}")]
    Key(#[from] KeyError),
}

impl From<serde_json::Error> for ConfigError {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed {
            line: error.line(),
            column: error.column(),
        }
    }
}

/// A configuration file: the shape that the sandbox prints, every part optional.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigFile {
    application_id: Option<String>,
    contracts: ContractsFile,
    platform_key: Option<String>,
    sources: Option<Vec<Source>>,
    pkb: PkbFile,
}

#[derive(Default, Deserialize)]
struct ContractsFile {
    push: Option<ContractFile>,
    read: Option<ContractFile>,
}

impl ConfigFile {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    /// Reads the text of a file.
    pub fn parse(json: &str) -> Result<Self, ConfigError> {
        Ok(serde_json::from_str(json)?)
    }
}

/// How long things last. The platform does not publish its own values.
#[derive(Clone, clap::Args)]
pub struct Lifetimes {
    /// How long an access token is good for
    #[arg(long, value_name = "N", default_value_t = Self::default().access_token_seconds)]
    pub access_token_seconds: u32,
    /// How long a refresh token is good for (30 days)
    #[arg(long, value_name = "N", default_value_t = Self::default().refresh_token_seconds)]
    pub refresh_token_seconds: u32,
    /// How long a preauthorization or authorization code is good for
    #[arg(long, value_name = "N", default_value_t = Self::default().code_seconds)]
    pub code_seconds: u32,
    /// How long a session can be read
    #[arg(long, value_name = "N", default_value_t = Self::default().session_seconds)]
    pub session_seconds: u32,
    /// How far a request's timestamp may be from the sandbox's clock, either way
    #[arg(long, value_name = "N", default_value_t = Self::default().clock_skew_seconds)]
    pub clock_skew_seconds: u32,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            access_token_seconds: 3600,
            refresh_token_seconds: 30 * 24 * 3600,
            code_seconds: 300,
            session_seconds: 15 * 60,
            clock_skew_seconds: 300,
        }
    }
}

impl Lifetimes {
    pub(crate) fn code_ms(&self) -> u64 {
        u64::from(self.code_seconds) * 1000
    }

    pub(crate) fn session_ms(&self) -> u64 {
        u64::from(self.session_seconds) * 1000
    }

    pub(crate) fn clock_skew_ms(&self) -> u64 {
        u64::from(self.clock_skew_seconds) * 1000
    }
}

/// How fast a session comes on. It is told by the polls of its list, not by the clock, so that every run is the same.
#[derive(Clone, Copy, clap::Args)]
pub struct Pace {
    /// How many polls of a session find it pending
    #[arg(long, value_name = "N", default_value_t = Self::default().pending_polls)]
    pub pending_polls: u32,
    /// How many polls after those find it running, with more files each time; the next finds it completed, or partial
    /// if a source failed
    #[arg(long, value_name = "N", default_value_t = Self::default().running_polls)]
    pub running_polls: u32,
}

impl Pace {
    /// Everything is there at the first poll.
    pub(crate) const AT_ONCE: Self = Self {
        pending_polls: 0,
        running_polls: 0,
    };
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            pending_polls: 1,
            running_polls: 1,
        }
    }
}

/// Everything that is settled before the sandbox starts.
pub struct Config {
    pub(crate) application_id: String,
    pub(crate) push: Arc<Contract>,
    pub(crate) read: Arc<Contract>,
    pub(crate) platform_key: PlatformKey,
    pub(crate) sources: Sources,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) pace: Pace,
    pub(crate) pkb: Arc<PkbConfig>,
}

impl Config {
    /// Takes what the file gives and makes the rest afresh; the redirect URIs are added to each contract's own.
    pub fn new(
        file: ConfigFile,
        redirect_uris: &[String],
        lifetimes: Lifetimes,
    ) -> Result<Self, ConfigError> {
        let contract = |access, given| Contract::new(access, given, redirect_uris).map(Arc::new);
        Ok(Self {
            application_id: file.application_id.unwrap_or_else(random::token),
            push: contract(Access::Push, file.contracts.push)?,
            read: contract(Access::Read, file.contracts.read)?,
            platform_key: PlatformKey::new(match file.platform_key {
                Some(pem) => keys::from_pem(&pem)?,
                None => keys::make()?,
            })?,
            sources: Sources::new(file.sources)?,
            lifetimes,
            pace: Pace::default(),
            pkb: Arc::new(PkbConfig::new(file.pkb)),
        })
    }

    /// The same with sessions of another pace.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same with other settings of Patients Know Best.
    #[must_use]
    pub fn with_pkb(mut self, settings: PkbSettings) -> Self {
        Arc::make_mut(&mut self.pkb).set(settings);
        self
    }

    /// The contract that signs with this client id.
    pub(crate) fn contract(&self, client_id: &str) -> Option<&Arc<Contract>> {
        let contract_id = client_id
            .strip_prefix(&self.application_id)?
            .strip_prefix('_')?;
        [&self.push, &self.read]
            .into_iter()
            .find(|contract| contract.id == contract_id)
    }
}
