//! The client: a configuration, a world, and what is remembered between calls.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::config::Settings;
use super::signed_descriptors::SignedDescriptors;
use super::{Config, Contract, ContractDetails, NonEmptyString, TimeoutOptions};
use crate::crypto::PrivateKey;
use crate::crypto::digest::sha256;
use crate::error::Invalid;
use crate::jwt::jwks::KeySets;
use crate::request::{Refreshes, Sender, Sending};
use crate::transport::Timeouts;
use crate::{Error, Secret, World};

/// How many parsed keys are kept. An application has a handful of contracts.
const KEYS_KEPT: usize = 256;

/// A client of the digi.me platform. Clones share connections, parsed keys and refreshes.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    timeouts: Timeouts,
}

struct Inner {
    settings: Settings,
    world: World,
    keys: Mutex<HashMap<[u8; 32], Arc<PrivateKey>>>,
    key_sets: KeySets,
    refreshes: Refreshes,
    descriptors: SignedDescriptors,
}

impl Client {
    /// A client of the real world.
    pub fn new(config: Config) -> Result<Self, Error> {
        let settings = Settings::of(config)?;
        let world = World::real()?;
        Ok(Self::assemble(settings, world))
    }

    /// A client of a world of your own: another transport, clock or randomness.
    pub fn in_world(config: Config, world: World) -> Result<Self, Error> {
        Ok(Self::assemble(Settings::of(config)?, world))
    }

    fn assemble(settings: Settings, world: World) -> Self {
        let timeouts = settings.timeouts;
        let inner = Arc::new(Inner {
            settings,
            world,
            keys: Mutex::default(),
            key_sets: KeySets::default(),
            refreshes: Refreshes::default(),
            descriptors: SignedDescriptors::default(),
        });
        Self { inner, timeouts }
    }

    /// The same client with other time-outs; what is left out stays as it is.
    #[must_use]
    pub fn with_timeouts(&self, timeouts: &TimeoutOptions) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            timeouts: timeouts.over(self.timeouts),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn world(&self) -> &World {
        &self.inner.world
    }

    pub(crate) fn key_sets(&self) -> &KeySets {
        &self.inner.key_sets
    }

    pub(super) fn descriptors(&self) -> &SignedDescriptors {
        &self.inner.descriptors
    }

    pub(crate) fn refreshes(&self) -> &Refreshes {
        &self.inner.refreshes
    }

    /// The contract, its key parsed: once, however many calls use it.
    pub(crate) fn contract(&self, details: &ContractDetails) -> Result<Contract, Error> {
        self.contract_at(details, "options.contractDetails.privateKey")
    }

    /// The same for calls that take the contract's id and key apart, as the JavaScript SDK has it.
    pub(crate) fn contract_of(
        &self,
        contract_id: NonEmptyString,
        private_key: Secret<NonEmptyString>,
    ) -> Result<Contract, Error> {
        self.contract_at(
            &ContractDetails {
                contract_id,
                private_key,
            },
            "options.privateKey",
        )
    }

    fn contract_at(&self, details: &ContractDetails, path: &str) -> Result<Contract, Error> {
        let pem = details.private_key.expose();
        let id = sha256(&[pem.as_bytes()]);
        let mut keys = self
            .inner
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !keys.contains_key(&id) && keys.len() >= KEYS_KEPT {
            keys.clear();
        }
        let key = match keys.entry(id) {
            Entry::Occupied(entry) => Arc::clone(entry.get()),
            Entry::Vacant(entry) => {
                let invalid = |reason| Invalid::new(path, reason);
                Arc::clone(entry.insert(Arc::new(PrivateKey::from_pem(pem).map_err(invalid)?)))
            }
        };
        let application_id = self.inner.settings.application_id.clone();
        Ok(Contract::new(
            application_id,
            details.contract_id.clone(),
            id,
            key,
        ))
    }
}

impl Sender for Client {
    fn sending(&self) -> Sending<'_> {
        Sending {
            world: &self.inner.world,
            timeouts: self.timeouts,
            retry_options: &self.inner.settings.retry_options,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}
