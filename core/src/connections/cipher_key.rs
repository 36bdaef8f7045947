//! A key of 32 bytes, and the id by which records name it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::crypto::SealingKey;
use crate::crypto::digest::sha256;
use crate::{Error, World};

/// A key that encrypts.
pub(crate) struct CipherKey {
    pub id: String,
    pub key: SealingKey,
}

impl CipherKey {
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
        Self::of(&bytes)
    }

    /// From its bytes; none if they are not 32.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.try_into().ok()?);
        Self::new(&key).ok()
    }

    /// A key that nobody knows, for what ends with the process.
    pub(crate) fn random(world: &World) -> Result<Self, Error> {
        Self::new(&*Self::bytes(world)?)
    }

    /// Such a key, before it is one.
    pub(super) fn bytes(world: &World) -> Result<Zeroizing<[u8; 32]>, Error> {
        let mut key = Zeroizing::new([0; 32]);
        world.random.fill(&mut *key)?;
        Ok(key)
    }

    pub(super) fn new(key: &[u8; 32]) -> Result<Self, Error> {
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
