//! The list of platforms, for bindings: how a client of each is opened, and its calls found.

use super::{Call, Dialect, Value};
use crate::{Error, digime, pkb};

/// A client of one of the platforms.
#[derive(Clone, Debug)]
pub enum Client {
    /// Of digi.me.
    DigiMe(digime::Client),
    /// Of Patients Know Best.
    Pkb(pkb::Client),
}

impl Client {
    /// Makes a client of `platform`, which has the name that [`crate::describe`] gives it, from the configuration that an
    /// application gave in its own language.
    ///
    /// Functions in the configuration (`retryOptions.calculateDelay`) are asked for through the [`super::Call`] that needs them,
    /// with `config.` before their path.
    pub fn open(platform: &str, config: Value, dialect: Dialect) -> Result<Self, Error> {
        match platform {
            digime::PLATFORM => {
                digime::Client::new(digime::Config::from_value(config, dialect)?).map(Self::DigiMe)
            }
            pkb::PLATFORM => {
                pkb::Client::new(pkb::Config::from_value(config, dialect)?).map(Self::Pkb)
            }
            _ => Err(Error::sdk(format!(
                "{platform} is not a platform of this version of the SDK"
            ))),
        }
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
