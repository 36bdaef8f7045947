//! AES-256-GCM (NIST SP 800-38D). A nonce must never serve twice under one key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

pub(crate) use aws_lc_rs::aead::NONCE_LEN;

/// The key; none if the library refuses it.
pub(crate) fn key(key: &[u8; 32]) -> Option<LessSafeKey> {
    Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?))
}

/// Encrypts in place and appends the tag.
pub(crate) fn seal(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    authenticated: &[u8],
    bytes: &mut Vec<u8>,
) -> Option<()> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(authenticated), bytes)
        .ok()
}

/// Decrypts in place; none unless key, nonce and what is authenticated along are those that sealed.
pub(crate) fn open<'a>(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    authenticated: &[u8],
    bytes: &'a mut [u8],
) -> Option<&'a mut [u8]> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.open_in_place(nonce, Aad::from(authenticated), bytes)
        .ok()
}
