//! The envelope of files as the platform makes it: a wrapped key, an initialisation vector, and the content in AES-256-CBC.

use std::iter;

use aws_lc_rs::cipher::{
    AES_256, EncryptionContext, PaddedBlockEncryptingKey, StreamingDecryptingKey,
    StreamingEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{KeyPair, OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::KeyPair as _;
use bytes::Bytes;

use crate::BenchError;

/// How many bytes come before the content: the wrapped key, and the vector.
pub const ENVELOPE_HEAD: usize = 256 + BLOCK;
const BLOCK: usize = 16;
const MEBIBYTE: usize = 1024 * 1024;

/// The key of a file, for work without an envelope.
pub struct Cipher {
    key: [u8; 32],
    vector: [u8; BLOCK],
}

impl Cipher {
    /// The one that all files of the bench are encrypted with.
    pub const FIXED: Self = Self {
        key: [7; 32],
        vector: [9; BLOCK],
    };

    /// Encrypts a content whole.
    fn encrypt(&self, content: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut sealed = content.to_vec();
        PaddedBlockEncryptingKey::cbc_pkcs7(self.bound()?)?
            .less_safe_encrypt(&mut sealed, self.context())?;
        Ok(sealed)
    }

    /// Ready to encrypt step by step.
    pub fn encryptor(&self) -> Result<StreamingEncryptingKey, BenchError> {
        let key = self.bound()?;
        Ok(StreamingEncryptingKey::less_safe_cbc_pkcs7(
            key,
            self.context(),
        )?)
    }

    /// Ready to decrypt step by step.
    pub fn decryptor(&self) -> Result<StreamingDecryptingKey, BenchError> {
        let context = self.context().into();
        Ok(StreamingDecryptingKey::cbc_pkcs7(self.bound()?, context)?)
    }

    fn bound(&self) -> Result<UnboundCipherKey, Unspecified> {
        UnboundCipherKey::new(&AES_256, &self.key)
    }

    fn context(&self) -> EncryptionContext {
        EncryptionContext::Iv128(FixedLength::from(self.vector))
    }
}

/// The content in an envelope for the reader.
pub fn seal(reader: &KeyPair, content: &[u8]) -> Result<Bytes, BenchError> {
    let mut envelope = head(reader)?;
    envelope.extend(Cipher::FIXED.encrypt(content)?);
    Ok(envelope.into())
}

fn head(reader: &KeyPair) -> Result<Vec<u8>, BenchError> {
    let Cipher { key, vector } = Cipher::FIXED;
    let der: PublicKeyX509Der<'_> = reader.public_key().as_der()?;
    let wrapping = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(der.as_ref())?)?;
    let mut head = vec![0; wrapping.ciphertext_size()];
    wrapping.encrypt(&OAEP_SHA1_MGF1SHA1, &key, &mut head, None)?;
    head.extend(vector);
    Ok(head)
}

/// An envelope of any length that needs no memory for it: in its middle stands the same mebibyte of ciphertext again and again,
/// and whatever that decrypts to, the last block has the padding that ends it.
pub struct Endless {
    head: Bytes,
    middle: Bytes,
    tail: Bytes,
}

impl Endless {
    /// For the reader.
    pub fn new(reader: &KeyPair) -> Result<Self, BenchError> {
        let middle = vec![0x5a; MEBIBYTE];
        // In CBC a block is chained to the ciphertext of the one before.
        let last = Cipher {
            vector: [0x5a; BLOCK],
            ..Cipher::FIXED
        };
        Ok(Self {
            head: head(reader)?.into(),
            middle: middle.into(),
            tail: last.encrypt(&[])?.into(),
        })
    }

    /// The envelope of a content of so many mebibytes, in parts.
    pub fn parts(&self, mebibytes: usize) -> impl Iterator<Item = Bytes> + Send + use<> {
        iter::once(self.head.clone())
            .chain(iter::repeat_n(self.middle.clone(), mebibytes))
            .chain(iter::once(self.tail.clone()))
    }

    /// How long that envelope is, in bytes.
    #[must_use]
    pub fn length(&self, mebibytes: usize) -> usize {
        self.head.len() + mebibytes * MEBIBYTE + self.tail.len()
    }
}
