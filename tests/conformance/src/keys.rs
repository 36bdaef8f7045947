//! The three RSA keys that scenarios name, and their PEM forms.

use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::pss::VerifyingKey;
use sha2::Sha512;

/// The key that the contract of every scenario signs with.
pub(crate) const CONTRACT: &str = "contract";
/// The key that the platform signs its tokens with.
pub(crate) const PLATFORM: &str = "platform";
/// A key that nobody has reason to trust.
pub(crate) const OTHER: &str = "other";

/// The contract's key, for what the SDK signs with it and what it encrypts for it.
pub(crate) struct ContractKey {
    pub(crate) verifying: VerifyingKey<Sha512>,
    pub(crate) private: RsaPrivateKey,
}

impl ContractKey {
    pub(crate) fn load() -> Result<Self, String> {
        let private = private_key(CONTRACT)?;
        Ok(Self {
            verifying: VerifyingKey::new(private.to_public_key()),
            private,
        })
    }
}

/// The private key as the PKCS#1 PEM text that an SDK is given.
pub(crate) fn private_pem(name: &str) -> Result<&'static str, String> {
    match name {
        CONTRACT => Ok(include_str!("../keys/contract.pkcs1.pem")),
        PLATFORM => Ok(include_str!("../keys/platform.pkcs1.pem")),
        OTHER => Ok(include_str!("../keys/other.pkcs1.pem")),
        unknown => Err(format!(
            "there is no test key `{unknown}`; name {CONTRACT}, {PLATFORM} or {OTHER}"
        )),
    }
}

/// The private key itself.
pub(crate) fn private_key(name: &str) -> Result<RsaPrivateKey, String> {
    // The parser's own error is left out: it may quote the key.
    RsaPrivateKey::from_pkcs1_pem(private_pem(name)?)
        .map_err(|_| format!("the test key `{name}` is not a PKCS#1 PEM"))
}

/// The public half as PKCS#1 PEM, the form in which the platform's JWKS has it.
pub(crate) fn public_pem(name: &str) -> Result<String, String> {
    private_key(name)?
        .to_public_key()
        .to_pkcs1_pem(LineEnding::LF)
        .map_err(|error| format!("the test key `{name}` has no PEM form: {error}"))
}
