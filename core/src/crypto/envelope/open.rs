//! Opening an envelope part by part, wherever its bytes are split.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Error;
use crate::crypto::PrivateKey;
use crate::crypto::buffer::Buffer;
use crate::crypto::hazmat::aes_cbc::{BLOCK, Decryptor};
use crate::error::ErrorKind;

/// How much is decrypted at a time where it is read.
const STEP: usize = 64 * 1024;

/// An envelope being opened.
pub(crate) struct Opener {
    key: Arc<PrivateKey>,
    stage: Stage,
    counter: Arc<AtomicU64>,
}

enum Stage {
    /// What has come of the wrapped key and the initialisation vector.
    Head(Vec<u8>),
    Content(Decryptor),
}

impl Opener {
    pub(crate) fn new(key: Arc<PrivateKey>) -> Self {
        Self {
            key,
            stage: Stage::Head(Vec::new()),
            counter: Arc::default(),
        }
    }

    /// How much room decryption takes for so much content.
    pub(crate) const fn room_for(content: usize) -> usize {
        content + BLOCK
    }

    /// Appends to `content` what the next part of the envelope says of it.
    pub(crate) fn update(&mut self, sealed: &[u8], content: &mut Buffer) -> Result<(), Error> {
        self.counter
            .fetch_add(sealed.len() as u64, Ordering::Relaxed);
        match &mut self.stage {
            Stage::Content(decryptor) => {
                decryptor.update(sealed, content).ok_or_else(undecryptable)
            }
            Stage::Head(head) => {
                let missing = self.key.wrapped_length() + BLOCK - head.len();
                let (now, rest) = sealed.split_at(missing.min(sealed.len()));
                head.extend_from_slice(now);
                if now.len() < missing {
                    return Ok(());
                }
                let mut decryptor = decryptor(&self.key, head).ok_or_else(undecryptable)?;
                let updated = decryptor.update(rest, content);
                self.stage = Stage::Content(decryptor);
                updated.ok_or_else(undecryptable)
            }
        }
    }

    /// Appends the end of the content, once all of the envelope has come.
    pub(crate) fn finish(self, content: &mut Buffer) -> Result<(), Error> {
        let size = self.counter.load(Ordering::Relaxed);
        let sealed = size.saturating_sub((self.key.wrapped_length() + BLOCK) as u64);
        match self.stage {
            Stage::Content(decryptor) if sealed > 0 && sealed.is_multiple_of(BLOCK as u64) => {
                decryptor.finish(content).ok_or_else(undecryptable)
            }
            _ => Err(ErrorKind::FileDecryption(format!("File size not valid: {size}")).into()),
        }
    }
}

fn decryptor(key: &PrivateKey, head: &[u8]) -> Option<Decryptor> {
    let (wrapped, iv) = head.split_at_checked(key.wrapped_length())?;
    Decryptor::new(&*key.unwrap_file_key(wrapped)?, iv.try_into().ok()?)
}

/// One error for a wrong key, a wrong length and wrong padding: telling them apart would help who tampers.
fn undecryptable() -> Error {
    let reason = "the file cannot be decrypted: it was encrypted for another key, or is damaged";
    ErrorKind::FileDecryption(reason.to_owned()).into()
}

/// The content of an envelope that is read. An error of its own is an [`Error`] inside the `io::Error`.
pub(crate) struct Opened<R> {
    sealed: R,
    counter: Arc<AtomicU64>,
    /// None once the content has ended, or is broken.
    opener: Option<Opener>,
    cipher: Vec<u8>,
    plain: Buffer,
    /// How much of `plain` has been read.
    read: usize,
}

impl<R: Read> Opened<R> {
    pub(crate) fn new(sealed: R, key: Arc<PrivateKey>) -> Self {
        let opener = Opener::new(key);
        Self {
            sealed,
            counter: Arc::clone(&opener.counter),
            opener: Some(opener),
            cipher: vec![0; STEP],
            plain: Buffer::new(Opener::room_for(STEP)),
            read: 0,
        }
    }

    /// How many bytes of the envelope have been opened, as a counter that stays current.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.counter)
    }

    /// Decrypts the next part. False at the end. Where reading fails for now, nothing is lost.
    fn advance(&mut self) -> io::Result<bool> {
        if self.opener.is_none() {
            return Ok(false);
        }
        let got = self.sealed.read(&mut self.cipher)?;
        let Some(mut opener) = self.opener.take() else {
            return Ok(false);
        };
        self.plain.clear();
        self.read = 0;
        if got == 0 {
            opener.finish(&mut self.plain).map_err(io::Error::other)?;
        } else {
            let sealed = &self.cipher[..got];
            opener
                .update(sealed, &mut self.plain)
                .map_err(io::Error::other)?;
            self.opener = Some(opener);
        }
        Ok(true)
    }
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.plain.len() && !buffer.is_empty() {
            if !self.advance()? {
                return Ok(0);
            }
        }
        let ready = &self.plain.bytes()[self.read..];
        let length = buffer.len().min(ready.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.read += length;
        Ok(length)
    }
}
