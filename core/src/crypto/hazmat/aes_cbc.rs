//! AES-256 in CBC mode with PKCS#7 padding: how the content of a file is encrypted. Nothing authenticates it.

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, StreamingDecryptingKey, StreamingEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;

use crate::crypto::buffer::Buffer;

/// The length of a key.
pub(in crate::crypto) const KEY_LENGTH: usize = 32;
/// The length of a block, and of an initialisation vector.
pub(in crate::crypto) const BLOCK: usize = 16;

/// Decrypts step by step.
pub(in crate::crypto) struct Decryptor(StreamingDecryptingKey);

impl Decryptor {
    pub(in crate::crypto) fn new(key: &[u8; KEY_LENGTH], iv: [u8; BLOCK]) -> Option<Self> {
        let key = UnboundCipherKey::new(&AES_256, key).ok()?;
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        StreamingDecryptingKey::cbc_pkcs7(key, context)
            .ok()
            .map(Self)
    }

    /// Decrypts a part to the end of `plain`.
    pub(in crate::crypto) fn update(&mut self, cipher: &[u8], plain: &mut Buffer) -> Option<()> {
        plain.append(cipher.len() + BLOCK, |room| {
            Some(self.0.update(cipher, room).ok()?.written().len())
        })
    }

    /// Appends the last bytes, none if the padding is wrong.
    pub(in crate::crypto) fn finish(self, plain: &mut Buffer) -> Option<()> {
        plain.append(BLOCK, |room| {
            Some(self.0.finish(room).ok()?.written().len())
        })
    }
}

/// Encrypts step by step.
pub(in crate::crypto) struct Encryptor(StreamingEncryptingKey);

impl Encryptor {
    pub(in crate::crypto) fn new(key: &[u8; KEY_LENGTH], iv: [u8; BLOCK]) -> Option<Self> {
        let key = UnboundCipherKey::new(&AES_256, key).ok()?;
        let context = EncryptionContext::Iv128(FixedLength::from(iv));
        StreamingEncryptingKey::less_safe_cbc_pkcs7(key, context)
            .ok()
            .map(Self)
    }

    /// Appends the encrypted bytes that a part makes whole.
    pub(in crate::crypto) fn update(&mut self, plain: &[u8], cipher: &mut Buffer) -> Option<()> {
        cipher.append(plain.len() + BLOCK, |room| {
            Some(self.0.update(plain, room).ok()?.written().len())
        })
    }

    /// Appends the last block.
    pub(in crate::crypto) fn finish(self, cipher: &mut Buffer) -> Option<()> {
        cipher.append(BLOCK, |room| {
            let (_, update) = self.0.finish(room).ok()?;
            Some(update.written().len())
        })
    }
}
