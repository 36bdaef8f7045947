//! RSAES-OAEP with SHA-1 and MGF1-SHA-1 (RFC 8017 section 7.1): how the key of a file is wrapped.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey,
};
use zeroize::Zeroizing;

use super::aes_cbc::KEY_LENGTH;
use super::rsa_pss::NotARsaKey;

/// A key pair ready to wrap and unwrap.
pub(in crate::crypto) struct WrappingKey {
    private: OaepPrivateDecryptingKey,
    public: OaepPublicEncryptingKey,
}

/// The key of a file.
pub(in crate::crypto) type FileKey = Zeroizing<[u8; KEY_LENGTH]>;

impl WrappingKey {
    pub(in crate::crypto) fn of(pair: &KeyPair) -> Result<Self, NotARsaKey> {
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| NotARsaKey)?;
        let private = PrivateDecryptingKey::from_pkcs8(der.as_ref()).map_err(|_| NotARsaKey)?;
        Ok(Self {
            public: OaepPublicEncryptingKey::new(private.public_key()).map_err(|_| NotARsaKey)?,
            private: OaepPrivateDecryptingKey::new(private).map_err(|_| NotARsaKey)?,
        })
    }

    /// How long a wrapped key is: as long as the modulus.
    pub(in crate::crypto) fn wrapped_length(&self) -> usize {
        self.public.ciphertext_size()
    }

    /// The wrapped key, none if the library fails.
    pub(in crate::crypto) fn wrap(&self, key: &FileKey) -> Option<Vec<u8>> {
        let mut wrapped = vec![0; self.wrapped_length()];
        self.public
            .encrypt(&OAEP_SHA1_MGF1SHA1, key.as_slice(), &mut wrapped, None)
            .ok()?;
        Some(wrapped)
    }

    /// The key, none if it was wrapped for another key pair, or is no key of a file.
    pub(in crate::crypto) fn unwrap(&self, wrapped: &[u8]) -> Option<FileKey> {
        let mut plain = Zeroizing::new(vec![0; self.private.min_output_size()]);
        let key = self
            .private
            .decrypt(&OAEP_SHA1_MGF1SHA1, wrapped, &mut plain, None)
            .ok()?;
        <[u8; KEY_LENGTH]>::try_from(&*key).ok().map(Zeroizing::new)
    }
}
