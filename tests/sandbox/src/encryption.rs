//! How a file is locked for the contract that reads it: a fresh AES-256-CBC key, wrapped with RSA-OAEP (SHA-1), then the
//! initialisation vector, then the content.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use rand::RngCore;
use rsa::{Oaep, RsaPublicKey};
use sha1::Sha1;

/// Locks the content; fails only if the key is too short for what it has to wrap.
pub fn lock(content: &[u8], reader: &RsaPublicKey) -> rsa::Result<Vec<u8>> {
    let mut random = rand::thread_rng();
    let (mut key, mut vector) = ([0; 32], [0; 16]);
    random.fill_bytes(&mut key);
    random.fill_bytes(&mut vector);
    let mut locked = reader.encrypt(&mut random, Oaep::new::<Sha1>(), &key)?;
    locked.extend_from_slice(&vector);
    let cipher = cbc::Encryptor::<Aes256>::new(&key.into(), &vector.into());
    locked.extend_from_slice(&cipher.encrypt_padded_vec_mut::<Pkcs7>(content));
    Ok(locked)
}
