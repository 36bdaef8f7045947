//! The form of a file encrypted for a contract, read without any code of the SDK under test.

use aes::Aes256;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use rsa::{Oaep, RsaPrivateKey};
use sha1::Sha1;

const WRAPPED_KEY_BYTES: usize = 256;
const IV_BYTES: usize = 16;

/// The content of a file, or why it has none: the wrapped AES-256 key, the IV, then the content in CBC mode with PKCS#7 padding.
pub(crate) fn decrypt(file: &[u8], key: &RsaPrivateKey) -> Result<Vec<u8>, &'static str> {
    let (wrapped, rest) = file
        .split_first_chunk::<WRAPPED_KEY_BYTES>()
        .ok_or("it ends within the wrapped key")?;
    let (iv, encrypted) = rest
        .split_first_chunk::<IV_BYTES>()
        .ok_or("it ends within the IV")?;
    let key = key
        .decrypt(Oaep::new::<Sha1>(), wrapped)
        .map_err(|_| "its key is not wrapped for the contract with RSA-OAEP-SHA1")?;
    Decryptor::<Aes256>::new_from_slices(&key, iv)
        .map_err(|_| "its key is not one of 32 bytes")?
        .decrypt_padded_vec_mut::<Pkcs7>(encrypted)
        .map_err(|_| "its content is not padded AES-256-CBC")
}
