//! What others make of the same bytes: libraries that the SDK does not use.

use std::io::Read;
use std::sync::LazyLock;

use aes::Aes256;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PSS_SHA512;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use cbc::{Decryptor, Encryptor};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::pss::{Signature, VerifyingKey};
use rsa::sha2::{Digest, Sha256, Sha512};
use rsa::signature::Verifier;
use rsa::{Oaep, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;

use crate::digime::{CONTRACT_KEY, PLATFORM_KEY};

/// The length of a wrapped key.
pub const WRAPPED: usize = 256;
/// The length of an initialisation vector, and of a block.
pub const BLOCK: usize = 16;
/// What stands before the content.
pub const HEAD: usize = WRAPPED + BLOCK;

const FILE_KEY: [u8; 32] = [7; 32];

static CONTRACT: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::from_pkcs1_pem(CONTRACT_KEY).unwrap());
static PLATFORM: LazyLock<RsaPublicKey> = LazyLock::new(|| {
    RsaPrivateKey::from_pkcs1_pem(PLATFORM_KEY)
        .unwrap()
        .to_public_key()
});
static HEAD_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut random = StdRng::seed_from_u64(1);
    let public = CONTRACT.to_public_key();
    let mut head = public
        .encrypt(&mut random, Oaep::new::<Sha1>(), &FILE_KEY)
        .unwrap();
    head.extend_from_slice(&[9; BLOCK]);
    head
});

/// The envelope of a content, for the contract.
pub fn seal(content: &[u8]) -> Vec<u8> {
    let mut envelope = HEAD_BYTES.clone();
    let encryptor = Encryptor::<Aes256>::new(&FILE_KEY.into(), &[9; BLOCK].into());
    envelope.extend_from_slice(&encryptor.encrypt_padded_vec_mut::<Pkcs7>(content));
    envelope
}

/// What is in an envelope that `seal` made, and that was changed since; none if it does not open. Whoever changes the wrapped key does
/// not know the contract's private key, and does not hit upon one that opens.
pub fn open(envelope: &[u8]) -> Option<Vec<u8>> {
    let (head, cipher) = envelope.split_at_checked(HEAD)?;
    if head[..WRAPPED] != HEAD_BYTES[..WRAPPED] {
        return None;
    }
    opened(&FILE_KEY, head[WRAPPED..].try_into().ok()?, cipher)
}

/// What AES-256-CBC with PKCS#7 has encrypted.
pub fn opened(key: &[u8; 32], iv: &[u8; BLOCK], cipher: &[u8]) -> Option<Vec<u8>> {
    if cipher.is_empty() {
        return None;
    }
    let decryptor = Decryptor::<Aes256>::new(key.into(), iv.into());
    decryptor.decrypt_padded_vec_mut::<Pkcs7>(cipher).ok()
}

/// The key that is wrapped for the contract.
pub fn unwrapped(wrapped: &[u8]) -> Option<Vec<u8>> {
    CONTRACT.decrypt(Oaep::new::<Sha1>(), wrapped).ok()
}

/// What gzip has compressed, member by member, up to a bound; none if it does not read, or something else comes after it.
pub fn gunzip(compressed: &[u8], bound: u64) -> Option<Vec<u8>> {
    let (mut content, mut rest) = (Vec::new(), compressed);
    loop {
        // What has a flag that RFC 1952 reserves is to be refused (section 2.3.1.2), which libflate does not do.
        if rest.get(3).is_some_and(|flags| flags & 0xe0 != 0) {
            return None;
        }
        let mut member = libflate::gzip::Decoder::new(rest).ok()?;
        let before = content.len();
        let left = bound + 1 - before as u64;
        member.by_ref().take(left).read_to_end(&mut content).ok()?;
        if content.len() as u64 > bound {
            return Some(content);
        }
        rest = member.into_inner();
        // A member ends with the length of its content (RFC 1952 section 2.3.1, ISIZE), which libflate reads and does not compare.
        let read = compressed.len() - rest.len();
        let length = u32::from_le_bytes(*compressed[..read].last_chunk()?);
        if u64::from(length) != (content.len() - before) as u64 {
            return None;
        }
        // What follows a zero is padding.
        if rest.first().is_none_or(|next| *next == 0) {
            return Some(content);
        }
    }
}

/// A content compressed with gzip.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = libflate::gzip::Encoder::new(Vec::new()).unwrap();
    encoder.write_all(content).unwrap();
    encoder.finish().into_result().unwrap()
}

/// A content compressed with brotli.
pub fn brotli(content: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 1,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters).unwrap();
    compressed
}

/// A token that the platform signs.
pub fn signed(header: &[u8], claims: &[u8]) -> String {
    static KEY: LazyLock<KeyPair> = LazyLock::new(|| {
        let key = RsaPrivateKey::from_pkcs1_pem(PLATFORM_KEY).unwrap();
        KeyPair::from_der(key.to_pkcs1_der().unwrap().as_bytes()).unwrap()
    });
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    let token = format!("{header}.{claims}");
    let mut signature = vec![0; KEY.public_modulus_len()];
    let random = SystemRandom::new();
    KEY.sign(&RSA_PSS_SHA512, &random, token.as_bytes(), &mut signature)
        .unwrap();
    format!("{token}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The platform's public key in PEM form.
pub fn platform_pem() -> &'static str {
    static PEM: LazyLock<String> =
        LazyLock::new(|| PLATFORM.to_public_key_pem(LineEnding::LF).unwrap());
    &PEM
}

/// The claims of a token that the platform has signed; none of one that it has not.
pub fn claims(token: &str) -> Option<serde_json::Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let signature = Signature::try_from(&*signature).ok()?;
    let key = VerifyingKey::<Sha512>::new(PLATFORM.clone());
    key.verify(signed.as_bytes(), &signature).ok()?;
    let (_, claims) = signed.split_once('.')?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// How a store knows a state.
pub fn digest(state: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("digime-sdk state{state}")))
}
