//! A contract: what an application may do, the key it signs with, and where it may send people back to.

use rsa::RsaPublicKey;
use rsa::pss::VerifyingKey;
use serde::Deserialize;
use sha2::Sha512;
use url::Url;

use crate::error::ApiError;
use crate::keys::{self, KeyError};
use crate::{random, redirect_uri};

const DEFAULT_REDIRECT_URIS: [&str; 2] = ["http://127.0.0.1/return", "http://localhost/return"];

/// Which way data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Into the person's library, or through it to a provider.
    Push,
    /// Out of the person's library.
    Read,
}

/// A contract as a configuration file gives it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractFile {
    contract_id: String,
    private_key: String,
    redirect_uris: Option<Vec<String>>,
}

/// A registered contract.
pub struct Contract {
    pub access: Access,
    pub id: String,
    /// Kept only to be announced; the platform itself verifies.
    pub private_key: String,
    pub redirect_uris: Vec<String>,
    pub verifying: VerifyingKey<Sha512>,
}

impl Contract {
    /// The contract that the file gives, or a fresh one.
    pub fn new(
        access: Access,
        given: Option<ContractFile>,
        more_redirect_uris: &[String],
    ) -> Result<Self, KeyError> {
        let given = match given {
            Some(given) => given,
            None => ContractFile {
                contract_id: random::token(),
                private_key: keys::to_pem(&keys::make()?)?,
                redirect_uris: None,
            },
        };
        let mut redirect_uris = given
            .redirect_uris
            .unwrap_or_else(|| DEFAULT_REDIRECT_URIS.map(str::to_owned).to_vec());
        redirect_uris.extend_from_slice(more_redirect_uris);
        Ok(Self {
            access,
            id: given.contract_id,
            verifying: VerifyingKey::new(keys::from_pem(&given.private_key)?.to_public_key()),
            private_key: given.private_key,
            redirect_uris,
        })
    }

    /// What files are locked for.
    pub fn public_key(&self) -> &RsaPublicKey {
        self.verifying.as_ref()
    }

    /// The address that people are to be sent back to, which must be a registered one.
    pub fn callback(&self, uri: &str) -> Result<Url, ApiError> {
        self.redirect_uris
            .iter()
            .any(|registered| redirect_uri::matches(registered, uri))
            .then(|| Url::parse(uri).ok())
            .flatten()
            .ok_or_else(|| ApiError::invalid_redirect_uri(uri, &self.redirect_uris))
    }
}
