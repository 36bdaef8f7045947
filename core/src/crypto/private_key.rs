//! A contract's private key: which forms of it are understood, and what is wrong with one that is not.

use std::fmt;

use super::hazmat::rsa_oaep::{FileKey, WrappingKey};
use super::hazmat::rsa_pss::SigningKey;
use super::pem;
use crate::Error;

/// A parsed RSA private key.
pub(crate) struct PrivateKey {
    signing: SigningKey,
    wrapping: WrappingKey,
}

impl PrivateKey {
    /// From PEM, PKCS#1 or PKCS#8. What is wrong is said without a byte of the key.
    pub(crate) fn from_pem(text: &str) -> Result<Self, &'static str> {
        let (label, der) = pem::read(text).ok_or(
            "expected a private key in PEM form, from -----BEGIN RSA PRIVATE KEY----- or -----BEGIN PRIVATE KEY----- to its END line",
        )?;
        let signing = match label.as_str() {
            "RSA PRIVATE KEY" => SigningKey::from_pkcs1(&der),
            "PRIVATE KEY" => SigningKey::from_pkcs8(&der),
            "ENCRYPTED PRIVATE KEY" => {
                return Err("the private key is encrypted: decrypt it first");
            }
            label if label.ends_with("PUBLIC KEY") || label == "CERTIFICATE" => {
                return Err("this is the public half: the private key is needed");
            }
            _ => return Err("expected an RSA private key (PKCS#1 or PKCS#8)"),
        };
        let key = signing.and_then(|signing| {
            Ok(Self {
                wrapping: WrappingKey::of(signing.pair())?,
                signing,
            })
        });
        key.map_err(|_| "the private key is not an RSA key of at least 2048 bits, or is damaged")
    }

    /// A PS512 signature (RFC 7518 section 3.5).
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let sign = || self.signing.sign(message);
        #[cfg(digime_sdk_fuzzing)]
        let sign = || super::fuzzing::signature(sign);
        sign().ok_or_else(|| Error::sdk("the contract's private key cannot sign"))
    }
}

impl PrivateKey {
    /// How long the key of a file is when it is wrapped for this key pair.
    pub(crate) fn wrapped_length(&self) -> usize {
        self.wrapping.wrapped_length()
    }

    pub(super) fn wrap_file_key(&self, key: &FileKey) -> Option<Vec<u8>> {
        self.wrapping.wrap(key)
    }

    pub(super) fn unwrap_file_key(&self, wrapped: &[u8]) -> Option<FileKey> {
        let unwrap = || self.wrapping.unwrap(wrapped);
        #[cfg(digime_sdk_fuzzing)]
        let unwrap = || super::fuzzing::unwrapped(wrapped, unwrap);
        unwrap()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey([redacted])")
    }
}
