//! RSA keys: making them, their PEM forms, and the platform's key as a JSON Web Key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::pss::SigningKey;
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

const BITS: usize = 2048;

/// Why a key could not be had. Says nothing of the key itself.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not an RSA private key in PKCS#1 PEM form.
    #[error("not an RSA private key in PKCS#1 PEM form (-----BEGIN RSA PRIVATE KEY-----)")]
    NotPkcs1Pem,
    /// A key could not be made or written as PEM.
    #[error("an RSA key could not be made")]
    NotMade,
}

/// Makes a private key.
pub fn make() -> Result<RsaPrivateKey, KeyError> {
    RsaPrivateKey::new(&mut rand::thread_rng(), BITS).map_err(|_| KeyError::NotMade)
}

/// Reads a private key.
pub fn from_pem(pem: &str) -> Result<RsaPrivateKey, KeyError> {
    RsaPrivateKey::from_pkcs1_pem(pem).map_err(|_| KeyError::NotPkcs1Pem)
}

/// Writes a private key.
pub fn to_pem(key: &RsaPrivateKey) -> Result<String, KeyError> {
    let pem = key
        .to_pkcs1_pem(LineEnding::LF)
        .map_err(|_| KeyError::NotMade)?;
    Ok(pem.to_string())
}

/// Writes a public key.
pub fn public_pem(key: &RsaPublicKey) -> Result<String, KeyError> {
    key.to_pkcs1_pem(LineEnding::LF)
        .map_err(|_| KeyError::NotMade)
}

/// The key that the platform signs its tokens with.
pub struct PlatformKey {
    /// Its name in the key set.
    pub kid: String,
    /// The private half, ready to sign PS512.
    pub signing: SigningKey<Sha512>,
    public: RsaPublicKey,
    public_pem: String,
}

impl PlatformKey {
    /// Takes a private key as the platform's.
    pub fn new(private: RsaPrivateKey) -> Result<Self, KeyError> {
        let public = private.to_public_key();
        let public_pem = public_pem(&public)?;
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(Sha256::digest(&public_pem)),
            signing: SigningKey::new(private),
            public,
            public_pem,
        })
    }

    /// The public half, as the platform's key set lists it.
    pub fn jwk(&self) -> Value {
        json!({
            "kid": self.kid,
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(self.public.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(self.public.e().to_bytes_be()),
            "alg": "PS512",
            "use": "sig",
            "pem": self.public_pem,
        })
    }
}
