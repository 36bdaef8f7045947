//! The keys of digi.me and of the contract: tokens that the platform signs, and envelopes that it seals and opens.

use std::sync::LazyLock;

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey,
};
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA512};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde_json::{Value, json};

pub const CONTRACT_KEY: &str = include_str!("../../../conformance/keys/contract.pkcs1.pem");
const PLATFORM_KEYS: [&str; 2] = [
    include_str!("../../../conformance/keys/platform.pkcs1.pem"),
    include_str!("../../../conformance/keys/other.pkcs1.pem"),
];

/// The lengths of a wrapped key, and of what stands before the content of a file.
const WRAPPED: usize = 256;
const HEAD: usize = WRAPPED + IV.len();
const FILE_KEY: [u8; 32] = [7; 32];
const IV: [u8; 16] = [9; 16];

static PLATFORM: LazyLock<[KeyPair; 2]> = LazyLock::new(|| PLATFORM_KEYS.map(parsed));
static CONTRACT: LazyLock<PrivateDecryptingKey> = LazyLock::new(|| {
    let pair = parsed(CONTRACT_KEY);
    let der: Result<Pkcs8V1Der<'_>, _> = pair.as_der();
    let der = der.unwrap_or_else(|_| unreachable!("the contract's key"));
    PrivateDecryptingKey::from_pkcs8(der.as_ref())
        .unwrap_or_else(|_| unreachable!("the contract's key"))
});
/// What stands before each file that the platform seals: its key is wrapped once, since that takes longer than all else.
static SEALED_HEAD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let public = OaepPublicEncryptingKey::new(CONTRACT.public_key());
    let mut head = vec![0; WRAPPED];
    let wrapped = public.ok().and_then(|public| {
        Some(
            public
                .encrypt(&OAEP_SHA1_MGF1SHA1, &FILE_KEY, &mut head, None)
                .ok()?
                .len(),
        )
    });
    debug_assert_eq!(wrapped, Some(WRAPPED));
    head.extend_from_slice(&IV);
    head
});

fn parsed(pem: &str) -> KeyPair {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD
        .decode(lines.collect::<String>())
        .unwrap_or_default();
    KeyPair::from_der(&der).unwrap_or_else(|_| unreachable!("a key of the tests"))
}

/// A token that the platform signs with its key of this number.
pub fn signed(number: usize, key_set: &str, claims: &Value) -> String {
    let key = &PLATFORM[number % PLATFORM.len()];
    let header = json!({ "alg": "PS512", "typ": "JWT", "jku": key_set, "kid": kid(number) });
    let [header, claims] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let token = format!("{header}.{claims}");
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    let signing = key.sign(&RSA_PSS_SHA512, &random, token.as_bytes(), &mut signature);
    debug_assert!(signing.is_ok());
    format!("{token}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn kid(number: usize) -> String {
    format!("key-{number}")
}

/// The key set in which the key of this number stands, and the one before it.
pub fn key_set(number: usize) -> Value {
    let keys = [number.saturating_sub(1), number].map(|number| {
        let public = PLATFORM[number % PLATFORM.len()].public_key();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kid": kid(number),
            "kty": "RSA",
            "n": part(public.modulus().big_endian_without_leading_zero()),
            "e": part(public.exponent().big_endian_without_leading_zero()),
        })
    });
    json!({ "keys": keys })
}

/// What a token says, whoever has signed it.
pub fn claims(token: &str) -> Option<Value> {
    let part = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A file for the contract.
pub fn sealed(content: &[u8]) -> Bytes {
    let mut envelope = SEALED_HEAD.clone();
    let mut cipher = content.to_vec();
    let key = UnboundCipherKey::new(&AES_256, &FILE_KEY);
    let key = key.and_then(PaddedBlockEncryptingKey::cbc_pkcs7);
    let iv = EncryptionContext::Iv128(FixedLength::from(IV));
    let encrypted = key.and_then(|key| key.less_safe_encrypt(&mut cipher, iv));
    debug_assert!(encrypted.is_ok());
    envelope.append(&mut cipher);
    envelope.into()
}

/// The content of a file that was sealed for the contract; none if it does not open.
pub fn opened(envelope: &[u8]) -> Option<Vec<u8>> {
    let (head, cipher) = envelope.split_at_checked(HEAD)?;
    let (wrapped, iv) = head.split_at(WRAPPED);
    let private = OaepPrivateDecryptingKey::new(CONTRACT.clone()).ok()?;
    let mut plain = vec![0; private.min_output_size()];
    let key = private
        .decrypt(&OAEP_SHA1_MGF1SHA1, wrapped, &mut plain, None)
        .ok()?;
    let key = UnboundCipherKey::new(&AES_256, key).ok()?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
    let iv: [u8; 16] = iv.try_into().ok()?;
    let iv = DecryptionContext::Iv128(FixedLength::from(iv));
    let mut content = cipher.to_vec();
    Some(key.decrypt(&mut content, iv).ok()?.to_vec())
}

/// What stands in the header `x-metadata` of a file.
pub fn metadata(compression: Option<&str>) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "metadata": {}, "compression": compression }).to_string())
}
