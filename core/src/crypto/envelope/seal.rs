//! Sealing an envelope while its content comes in.

use zeroize::Zeroizing;

use crate::crypto::PrivateKey;
use crate::crypto::buffer::Buffer;
use crate::crypto::hazmat::aes_cbc::{BLOCK, Encryptor, KEY_LENGTH};
use crate::{Error, World};

/// An envelope being written. Only the public half of the key is used.
pub(crate) struct Sealer {
    encryptor: Encryptor,
    /// Empty once it is written.
    head: Vec<u8>,
}

impl Sealer {
    /// How much room encryption takes for so much content, with the head of the envelope and what was held back of the part before.
    pub(crate) const fn room_for(content: usize) -> usize {
        content + 1024
    }

    /// How long the envelope of so much content is; none if that is more than can be counted.
    pub(crate) fn sealed_length(key: &PrivateKey, content: u64) -> Option<u64> {
        let block = BLOCK as u64;
        // There is always padding.
        let padded = (content / block).checked_add(1)?.checked_mul(block)?;
        padded.checked_add((key.wrapped_length() + BLOCK) as u64)
    }

    /// An envelope under a fresh key, wrapped for this key pair.
    pub(crate) fn new(world: &World, key: &PrivateKey) -> Result<Self, Error> {
        let mut file_key = Zeroizing::new([0; KEY_LENGTH]);
        let mut iv = [0; BLOCK];
        world.random.fill(&mut *file_key)?;
        world.random.fill(&mut iv)?;
        let mut head = key.wrap_file_key(&file_key).ok_or_else(unusable)?;
        head.extend_from_slice(&iv);
        let encryptor = Encryptor::new(&file_key, iv).ok_or_else(unusable)?;
        Ok(Self { encryptor, head })
    }

    /// Appends to `sealed` what a part of the content makes whole.
    pub(crate) fn update(&mut self, content: &[u8], sealed: &mut Buffer) -> Result<(), Error> {
        sealed.extend(&std::mem::take(&mut self.head));
        self.encryptor.update(content, sealed).ok_or_else(unusable)
    }

    /// Appends the end of the envelope.
    pub(crate) fn finish(mut self, sealed: &mut Buffer) -> Result<(), Error> {
        sealed.extend(&std::mem::take(&mut self.head));
        self.encryptor.finish(sealed).ok_or_else(unusable)
    }
}

fn unusable() -> Error {
    Error::sdk("the file cannot be encrypted for the contract's key")
}
