//! The list of platforms, for bindings: how a client of each is opened, and its calls found.

use std::collections::HashMap;

use super::{Call, Dialect, Value};
use crate::world::EventLevel;
use crate::{Error, digime, environment, pkb};

/// A client of one of the platforms.
#[derive(Clone, Debug)]
pub enum Client {
    /// Of digi.me.
    DigiMe(digime::Client),
    /// Of Patients Know Best.
    Pkb(pkb::Client),
}

/// The configuration of a client of one of the platforms.
#[derive(Clone, Debug)]
pub struct Config {
    platform: PlatformConfig,
    dialect: Dialect,
}

#[derive(Clone, Debug)]
enum PlatformConfig {
    DigiMe(Box<digime::Config>),
    Pkb(Box<pkb::Config>),
}

impl Config {
    /// Reads the configuration of `platform`, which has the name that [`crate::describe`] gives it, as an application gave it in its own
    /// language. A relative path in it leads to where it does now, wherever the process goes later.
    ///
    /// Functions in it (`retryOptions.calculateDelay`) are asked for through the [`super::Call`] that needs them, with `config.` before
    /// their path.
    pub fn read(platform: &str, config: Value, dialect: Dialect) -> Result<Self, Error> {
        let platform = match platform {
            digime::PLATFORM => digime::Config::from_value(config, dialect)
                .map(|config| PlatformConfig::DigiMe(Box::new(config))),
            pkb::PLATFORM => pkb::Config::from_value(config, dialect)
                .map(|config| PlatformConfig::Pkb(Box::new(config))),
            _ => Err(Error::sdk(format!(
                "{platform} is not a platform of this version of the SDK"
            ))),
        }?;
        Ok(Self { platform, dialect })
    }

    /// From now on the function that is told of events hears of those that matter so much, or of none. Before, it hears of all.
    pub fn tell_events_from(&self, least: Option<EventLevel>) {
        let hook = match &self.platform {
            PlatformConfig::DigiMe(config) => &config.on_event,
            PlatformConfig::Pkb(config) => &config.on_event,
        };
        if let Some(hook) = hook {
            hook.tell_from(least);
        }
    }
}

impl Client {
    /// Makes a client.
    pub fn open(config: Config) -> Result<Self, Error> {
        let host = Some(config.dialect);
        match config.platform {
            PlatformConfig::DigiMe(config) => {
                digime::Client::hosted(*config, host).map(Self::DigiMe)
            }
            PlatformConfig::Pkb(config) => pkb::Client::hosted(*config, host).map(Self::Pkb),
        }
    }

    /// The same with environment variables of the language's own, in place of those of the process.
    pub fn open_with(config: Config, variables: HashMap<String, String>) -> Result<Self, Error> {
        environment::with(variables, || Self::open(config))
    }

    /// Prepares the call of this name.
    pub(super) fn prepare(
        &self,
        name: &str,
        options: Value,
        dialect: Dialect,
    ) -> Result<Call, Error> {
        match self {
            Self::DigiMe(client) => Call::prepare(client, name, options, dialect, |run| {
                digime::visit(name, run)
            }),
            Self::Pkb(client) => {
                Call::prepare(client, name, options, dialect, |run| pkb::visit(name, run))
            }
        }
    }
}
