//! How what a store keeps is encrypted: under which key, and bound to whose record.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::crypto::SealingKey;
use crate::crypto::digest::sha256;
use crate::error::{ErrorKind, Words};
use crate::{Error, World};

/// The form of what is sealed: a nonce, then ciphertext and tag, in base64url.
const FORM: &str = "1.";

/// A key of 32 bytes, and the id by which records name it.
pub(crate) struct EncryptionKey {
    id: String,
    key: SealingKey,
}

impl EncryptionKey {
    /// From base64 or hexadecimal digits; none if that does not make 32 bytes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = Zeroizing::new(match text.len() {
            64 => hex(text)?,
            _ => STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')))
                .ok()?,
        });
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.as_slice().try_into().ok()?);
        Self::new(&key).ok()
    }

    /// A key that nobody knows, for what ends with the process.
    pub(crate) fn random(world: &World) -> Result<Self, Error> {
        let mut key = Zeroizing::new([0; 32]);
        world.random.fill(&mut *key)?;
        Self::new(&key)
    }

    fn new(key: &[u8; 32]) -> Result<Self, Error> {
        let digest = sha256(&[b"digime-sdk key id", key]);
        Ok(Self {
            id: URL_SAFE_NO_PAD.encode(&digest[..9]),
            key: SealingKey::new(key)?,
        })
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16)?).ok();
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

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
    current: EncryptionKey,
    previous: Vec<EncryptionKey>,
}

impl Vault {
    pub(crate) fn new(current: EncryptionKey, previous: Vec<EncryptionKey>) -> Self {
        Self { current, previous }
    }

    /// The id of the key that seals.
    pub(crate) fn key_id(&self) -> &str {
        &self.current.id
    }

    /// Whether one of the keys has this id.
    pub(crate) fn has(&self, key_id: &str) -> bool {
        self.keys().any(|key| key.id == key_id)
    }

    fn keys(&self) -> impl Iterator<Item = &EncryptionKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    /// Seals under the current key.
    pub(crate) fn seal<T: Serialize>(
        &self,
        content: &T,
        owner: Owner<'_>,
        world: &World,
    ) -> Result<String, Error> {
        let content = serde_json::to_vec(content).map(Zeroizing::new);
        let content = content.map_err(|_| Error::sdk("a record cannot be written"))?;
        let owner = owner.authenticated(&self.current.id);
        let sealed = self.current.key.seal(content, &owner, world)?;
        Ok(format!("{FORM}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Opens what was sealed for this owner, under whichever key.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        sealed: &str,
        key_id: &str,
        owner: Owner<'_>,
    ) -> Result<T, Error> {
        let key = self.keys().find(|key| key.id == key_id);
        let key = key.ok_or_else(|| {
            let words = Words::from("a record of the store is encrypted under the key ");
            let words = words.given(key_id);
            damaged(words.own(", which is neither encryptionKey nor among previousEncryptionKeys: add it to the latter, in every process"))
        })?;
        let unopened = || {
            damaged(
                "a record of the store does not open, since it was changed, or belongs to another user: put it back as it was, or unlink the user and let them link again",
            )
        };
        let encoded = sealed.strip_prefix(FORM).ok_or_else(unopened)?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| unopened())?;
        let opened = key.key.open(bytes, &owner.authenticated(key_id));
        let opened = opened.ok_or_else(unopened)?;
        serde_json::from_slice(&opened).map_err(|_| unopened())
    }
}

fn damaged(message: impl Into<Words>) -> Error {
    ErrorKind::Store {
        operation: "read",
        message: message.into(),
    }
    .into()
}
