//! Files as the platform sends them, made by crates that the SDK does not use.

use aes::Aes256;
use cbc::Encryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::rand_core::OsRng;
use rsa::{Oaep, RsaPrivateKey};
use sha1::Sha1;

/// The envelope of a content for the holder of a private key.
pub fn seal(private_key: &str, content: &[u8]) -> Vec<u8> {
    let (file_key, iv) = ([7; 32], [9; 16]);
    let public = RsaPrivateKey::from_pkcs1_pem(private_key)
        .unwrap()
        .to_public_key();
    let mut envelope = public
        .encrypt(&mut OsRng, Oaep::new::<Sha1>(), &file_key)
        .unwrap();
    envelope.extend_from_slice(&iv);
    let encryptor = Encryptor::<Aes256>::new(&file_key.into(), &iv.into());
    envelope.extend_from_slice(&encryptor.encrypt_padded_vec_mut::<Pkcs7>(content));
    envelope
}

pub fn brotli(content: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters).unwrap();
    compressed
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
