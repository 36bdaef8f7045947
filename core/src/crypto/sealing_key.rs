//! Sealing: encrypting so that only the same key opens it, and only along with the same context.

use aws_lc_rs::aead::LessSafeKey;
use zeroize::Zeroizing;

use super::hazmat::aes_gcm::{self, NONCE_LEN};
use crate::{Error, World};

/// A key that seals and opens.
pub(crate) struct SealingKey(LessSafeKey);

impl SealingKey {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, Error> {
        aes_gcm::key(key)
            .map(Self)
            .ok_or_else(|| Error::sdk("the cipher refuses the key"))
    }

    /// A random nonce, then ciphertext and tag. Random nonces are safe for some four thousand million sealings under one key.
    pub(crate) fn seal(
        &self,
        mut plaintext: Zeroizing<Vec<u8>>,
        context: &[u8],
        world: &World,
    ) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE_LEN];
        world.random.fill(&mut nonce)?;
        // Room for the tag, so that what is not yet encrypted is not copied and left behind.
        plaintext.reserve_exact(16);
        aes_gcm::seal(&self.0, nonce, context, &mut plaintext)
            .ok_or_else(|| Error::sdk("a record cannot be encrypted"))?;
        Ok([&nonce, plaintext.as_slice()].concat())
    }

    /// What was sealed with this key and context; none if it was with others, or was changed since.
    pub(crate) fn open(&self, sealed: Vec<u8>, context: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut sealed = Zeroizing::new(sealed);
        let (nonce, ciphertext) = sealed.split_first_chunk_mut::<NONCE_LEN>()?;
        let opened = aes_gcm::open(&self.0, *nonce, context, ciphertext)?;
        Some(Zeroizing::new(opened.to_vec()))
    }
}
