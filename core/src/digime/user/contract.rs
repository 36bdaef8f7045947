//! A contract: what an application may do, and the key that proves it is the application.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;

use crate::Secret;
use crate::crypto::PrivateKey;
use crate::digime::NonEmptyString;

/// The contract that an application uses.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ContractDetails {
    /// The contract's id, as digi.me gave it.
    pub contract_id: NonEmptyString,
    /// The contract's RSA private key in PEM form, PKCS#1 or PKCS#8; line breaks may be written as `\n`, as environment variables
    /// hold them.
    #[serde(deserialize_with = "crate::secret::key")]
    pub private_key: Secret<NonEmptyString>,
}

impl ContractDetails {
    /// A contract by its id and its private key in PEM form.
    #[must_use]
    pub fn new(contract_id: NonEmptyString, private_key: NonEmptyString) -> Self {
        Self {
            contract_id,
            private_key: private_key.into(),
        }
    }
}

/// A contract of an application, with its key parsed.
#[derive(Clone)]
pub(crate) struct Contract {
    application_id: NonEmptyString,
    id: NonEmptyString,
    key_id: [u8; 32],
    key: Arc<PrivateKey>,
}

impl Contract {
    pub(crate) fn new(
        application_id: NonEmptyString,
        id: NonEmptyString,
        key_id: [u8; 32],
        key: Arc<PrivateKey>,
    ) -> Self {
        Self {
            application_id,
            id,
            key_id,
            key,
        }
    }

    /// The application that uses it.
    pub(crate) fn application_id(&self) -> &str {
        &self.application_id
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The digest of the key as the application gave it.
    pub(crate) fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    /// The key, for work that outlives the call.
    pub(crate) fn shared_key(&self) -> Arc<PrivateKey> {
        Arc::clone(&self.key)
    }

    pub(crate) fn key(&self) -> &PrivateKey {
        &self.key
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
