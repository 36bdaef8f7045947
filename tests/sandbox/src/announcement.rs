//! The one line that the sandbox prints: everything that a client must be told to use it.

use serde::Serialize;

use crate::addresses::Addresses;
use crate::contract::Contract;
use crate::pkb::AnnouncedPkb;
use crate::state::Platform;

/// Addresses, application and contracts, private keys included: they are for tests alone.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// Where the sandbox is.
    #[serde(flatten)]
    pub addresses: Addresses,
    /// The registered application.
    pub application_id: String,
    /// Its contracts.
    pub contracts: AnnouncedContracts,
    /// Patients Know Best.
    pub pkb: AnnouncedPkb,
}

/// The application's contracts.
#[derive(Clone, Serialize)]
pub struct AnnouncedContracts {
    /// May add to the person's library and push to providers.
    pub push: AnnouncedContract,
    /// May read the person's library.
    pub read: AnnouncedContract,
}

/// What a client needs to sign as a contract.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedContract {
    /// The contract's id.
    pub contract_id: String,
    /// Its RSA private key, PKCS#1 PEM.
    pub private_key: String,
    /// Where it may send people back to.
    pub redirect_uris: Vec<String>,
}

impl Announcement {
    pub(crate) fn new(platform: &Platform) -> Self {
        let Platform { config, pkb, .. } = platform;
        Self {
            addresses: platform.addresses.clone(),
            application_id: config.application_id.clone(),
            contracts: AnnouncedContracts {
                push: AnnouncedContract::new(&config.push),
                read: AnnouncedContract::new(&config.read),
            },
            pkb: AnnouncedPkb::new(
                pkb.addresses.clone(),
                pkb.customer_addresses.clone(),
                &pkb.config,
            ),
        }
    }
}

impl AnnouncedContract {
    fn new(contract: &Contract) -> Self {
        Self {
            contract_id: contract.id.clone(),
            private_key: contract.private_key.clone(),
            redirect_uris: contract.redirect_uris.clone(),
        }
    }
}
