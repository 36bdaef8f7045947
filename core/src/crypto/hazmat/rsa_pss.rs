//! RSASSA-PSS with SHA-512, the salt as long as the digest (RFC 8017 section 8.1), with a key that is parsed once.

use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PSS_SHA512;

use crate::world::secure_random;

/// A private key ready to sign.
pub(in crate::crypto) struct SigningKey(KeyPair);

/// The bytes are no RSA private key of 2048 to 8192 bits.
pub(in crate::crypto) struct NotARsaKey;

impl SigningKey {
    /// From `RSAPrivateKey` DER (RFC 8017 appendix A.1.2).
    pub(in crate::crypto) fn from_pkcs1(der: &[u8]) -> Result<Self, NotARsaKey> {
        KeyPair::from_der(der).map(Self).map_err(|_| NotARsaKey)
    }

    /// From `PrivateKeyInfo` DER (RFC 5208).
    pub(in crate::crypto) fn from_pkcs8(der: &[u8]) -> Result<Self, NotARsaKey> {
        KeyPair::from_pkcs8(der).map(Self).map_err(|_| NotARsaKey)
    }

    pub(in crate::crypto) fn pair(&self) -> &KeyPair {
        &self.0
    }

    /// The signature, none if the key turns out to be unusable.
    pub(in crate::crypto) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PSS_SHA512, secure_random(), message, &mut signature)
            .ok()?;
        Some(signature)
    }
}
