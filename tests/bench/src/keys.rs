//! The keys of the contract and of the platform: fixed ones, since making keys is nobody's work here.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA512};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::BenchError;

/// The contract's private key, RSA-2048 in PKCS#1 PEM, as digi.me hands it out.
pub const CONTRACT_PEM: &str = include_str!("../../conformance/keys/contract.pkcs1.pem");
const PLATFORM_PEM: &str = include_str!("../../conformance/keys/platform.pkcs1.pem");

/// The contract's key pair, ready for use.
pub fn contract() -> Result<KeyPair, BenchError> {
    read(CONTRACT_PEM)
}

/// The key pair that the platform signs its tokens with, ready for use.
pub(crate) fn platform() -> Result<KeyPair, BenchError> {
    read(PLATFORM_PEM)
}

fn read(pem: &str) -> Result<KeyPair, BenchError> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    // What cannot be decoded is no key either, and is refused as such.
    Ok(KeyPair::from_der(
        &STANDARD.decode(base64).unwrap_or_default(),
    )?)
}

/// The public half in PEM.
pub(crate) fn public_pem(pair: &KeyPair) -> Result<String, BenchError> {
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    let base64 = STANDARD.encode(der.as_ref());
    for (index, letter) in base64.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    pem.push_str("\n-----END PUBLIC KEY-----\n");
    Ok(pem)
}

/// A PS512 signature.
pub fn sign(pair: &KeyPair, message: &[u8]) -> Result<Vec<u8>, BenchError> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PSS_SHA512,
        &SystemRandom::new(),
        message,
        &mut signature,
    )?;
    Ok(signature)
}
