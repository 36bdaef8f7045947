//! Sealing an envelope while its content comes in.

use bytes::Bytes;
use zeroize::Zeroizing;

use crate::crypto::PrivateKey;
use crate::crypto::hazmat::aes_cbc::{BLOCK, Encryptor, KEY_LENGTH};
use crate::{Error, World};

/// An envelope being written. Only the public half of the key is used.
pub(crate) struct Sealer {
    encryptor: Encryptor,
    head: Vec<u8>,
}

impl Sealer {
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

    /// The bytes of the envelope that a part of the content makes whole.
    pub(crate) fn update(&mut self, content: &[u8]) -> Result<Bytes, Error> {
        let sealed = self.encryptor.update(content).ok_or_else(unusable)?;
        Ok(self.after_head(sealed))
    }

    /// The last bytes of the envelope.
    pub(crate) fn finish(mut self) -> Result<Bytes, Error> {
        let head = std::mem::take(&mut self.head);
        let sealed = self.encryptor.finish().ok_or_else(unusable)?;
        Ok([head, sealed].concat().into())
    }

    fn after_head(&mut self, sealed: Vec<u8>) -> Bytes {
        if self.head.is_empty() {
            return sealed.into();
        }
        let mut out = std::mem::take(&mut self.head);
        out.extend_from_slice(&sealed);
        out.into()
    }
}

fn unusable() -> Error {
    Error::sdk("the file cannot be encrypted for the contract's key")
}
