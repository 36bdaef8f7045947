//! How what a store keeps is encrypted: under which key, and bound to whose record.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::cipher_key::CipherKey;
use super::data_keys::{DataKeys, Had};
use crate::error::{ErrorKind, Words};
use crate::{Error, World};

/// The form of what is sealed under a key that the application holds: a nonce, then ciphertext and tag, in base64url.
const HELD: &str = "1.";
/// The same under a key that is wrapped: before it stands that key, and a dot.
const WRAPPED: &str = "2.";

/// Whose record something is sealed for: it opens in no other.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub table: &'static str,
    pub platform: &'a str,
    pub app_user_id: &'a str,
    /// Which of the user's records, where there may be several.
    pub record: &'a str,
}

impl Owner<'_> {
    /// Every part with its length before it, so that no two owners are written alike.
    fn authenticated(&self, key_id: &str) -> Vec<u8> {
        let parts = [
            "digime-sdk",
            self.table,
            self.platform,
            self.app_user_id,
            self.record,
            key_id,
        ];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// The key that seals, and those that still open.
pub(crate) struct Vault {
    /// The key that seals; none where a service wraps the keys that do.
    sealing: Option<CipherKey>,
    /// Those that open beside it.
    previous: Vec<CipherKey>,
    data_keys: DataKeys,
}

/// What was sealed, and under which key.
pub(crate) struct Sealed {
    pub key_id: String,
    pub text: String,
}

impl Vault {
    pub(super) fn new(
        sealing: Option<CipherKey>,
        previous: Vec<CipherKey>,
        data_keys: DataKeys,
    ) -> Self {
        Self {
            sealing,
            previous,
            data_keys,
        }
    }

    /// Has in memory what is needed to open what is sealed, each text with the id of its key, as far as it can be had: opening says what is missing.
    pub(crate) async fn prepare<'a>(&self, all: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let mut refused = HashSet::new();
        for (sealed, key_id) in all {
            let Some((wrapped, _)) = wrapped_key(sealed) else {
                continue;
            };
            if refused.contains(&(key_id, wrapped)) {
                continue;
            }
            match self.data_keys.unwrap(key_id, wrapped).await {
                Had::Key => {}
                Had::Refusal => {
                    refused.insert((key_id, wrapped));
                }
                Had::NoAnswer => return,
            }
        }
    }

    /// The id of the key that seals. It is at hand from then on: what is to be sealed is not lost for want of a key.
    pub(crate) async fn sealing_key_id(&self) -> Result<String, Error> {
        match &self.sealing {
            Some(key) => Ok(key.id.clone()),
            None => Ok(self.data_keys.sealing().await?.cipher.id.clone()),
        }
    }

    /// Whether it is a service that wraps the key which seals.
    pub(crate) fn is_wrapped(&self) -> bool {
        self.sealing.is_none()
    }

    /// Whether the key of this id is here, under which this was sealed.
    pub(crate) fn has(&self, sealed: &str, key_id: &str) -> bool {
        match wrapped_key(sealed) {
            Some(_) => matches!(self.data_keys.known(key_id), Some(Ok(_))),
            None => self.held().any(|key| key.id == key_id),
        }
    }

    /// The same, or whether there is a service that may unwrap it.
    pub(crate) fn may_open(&self, sealed: &str, key_id: &str) -> bool {
        self.has(sealed, key_id) || (wrapped_key(sealed).is_some() && self.data_keys.has_services())
    }

    /// Why a service did not unwrap the key of this id, if that is why it is not here.
    pub(crate) fn failure_of_service(&self, sealed: &str, key_id: &str) -> Option<Error> {
        wrapped_key(sealed)?;
        self.data_keys.known(key_id)?.err()
    }

    fn held(&self) -> impl Iterator<Item = &CipherKey> {
        self.sealing.iter().chain(&self.previous)
    }

    /// Seals under the current key.
    pub(crate) fn seal<'a, T: Serialize>(
        &'a self,
        content: &T,
        owner: Owner<'a>,
        world: &'a World,
    ) -> impl Future<Output = Result<Sealed, Error>> + Send + use<'a, T> {
        let content = serde_json::to_vec(content).map(Zeroizing::new);
        async move {
            let content = content.map_err(|_| Error::sdk("a record cannot be written"))?;
            let sealed = |key: &CipherKey| {
                let sealed = key
                    .key
                    .seal(content, &owner.authenticated(&key.id), world)?;
                Ok::<_, Error>((key.id.clone(), URL_SAFE_NO_PAD.encode(sealed)))
            };
            let (key_id, text) = if let Some(key) = &self.sealing {
                let (key_id, text) = sealed(key)?;
                (key_id, format!("{HELD}{text}"))
            } else {
                let key = self.data_keys.sealing().await?;
                let (key_id, text) = sealed(&key.cipher)?;
                (key_id, format!("{WRAPPED}{}.{text}", key.wrapped))
            };
            Ok(Sealed { key_id, text })
        }
    }

    /// Opens what was sealed for this owner, under whichever key.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        sealed: &str,
        key_id: &str,
        owner: Owner<'_>,
    ) -> Result<T, Error> {
        let owner = owner.authenticated(key_id);
        let opened = if let Some((_, encoded)) = wrapped_key(sealed) {
            let key = self.data_keys.known(key_id);
            let key = key.ok_or_else(|| no_key(key_id))??;
            decoded(encoded).and_then(|bytes| key.cipher.key.open(bytes, &owner))
        } else {
            let key = self.held().find(|key| key.id == key_id);
            let key = key.ok_or_else(|| no_key(key_id))?;
            let bytes = sealed.strip_prefix(HELD).and_then(decoded);
            bytes.and_then(|bytes| key.key.open(bytes, &owner))
        };
        let opened = opened.and_then(|opened| serde_json::from_slice(&opened).ok());
        opened.ok_or_else(|| {
            damaged(
                "a record of the store does not open, since it was changed, or belongs to another user: put it back as it was, or unlink the user and let them link again",
            )
        })
    }
}

/// The wrapped key beside what is sealed under it, and that; none where the application holds the key.
fn wrapped_key(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(WRAPPED)?.split_once('.')
}

fn decoded(encoded: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(encoded).ok()
}

fn no_key(key_id: &str) -> Error {
    let words = Words::from("a record of the store is encrypted under the key ").given(key_id);
    damaged(words.own(", which is neither encryptionKey nor among previousEncryptionKeys: add it to the latter, in every process"))
}

fn damaged(message: impl Into<Words>) -> Error {
    ErrorKind::Store {
        operation: "read",
        message: message.into(),
    }
    .into()
}
