//! AES-256 in CBC mode with PKCS#7 padding: how the content of a file is encrypted. Nothing authenticates it.

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, StreamingDecryptingKey, StreamingEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;

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

    /// Decrypts a part into `plain`, which has room for a block more than it, and says how many bytes came of it.
    pub(in crate::crypto) fn update(&mut self, cipher: &[u8], plain: &mut [u8]) -> Option<usize> {
        self.0
            .update(cipher, plain)
            .ok()
            .map(|update| update.written().len())
    }

    /// The last bytes, none if the padding is wrong.
    pub(in crate::crypto) fn finish(self, plain: &mut [u8]) -> Option<usize> {
        self.0
            .finish(plain)
            .ok()
            .map(|update| update.written().len())
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

    /// The encrypted bytes that a part makes whole.
    pub(in crate::crypto) fn update(&mut self, plain: &[u8]) -> Option<Vec<u8>> {
        let mut cipher = vec![0; plain.len() + BLOCK];
        let written = self.0.update(plain, &mut cipher).ok()?.written().len();
        cipher.truncate(written);
        Some(cipher)
    }

    /// The last block.
    pub(in crate::crypto) fn finish(self) -> Option<Vec<u8>> {
        let mut cipher = vec![0; BLOCK];
        let (_, update) = self.0.finish(&mut cipher).ok()?;
        let written = update.written().len();
        cipher.truncate(written);
        Some(cipher)
    }
}
