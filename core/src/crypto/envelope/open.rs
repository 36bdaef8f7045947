//! Opening an envelope while it is read, wherever its bytes are split.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Error;
use crate::crypto::PrivateKey;
use crate::crypto::hazmat::aes_cbc::{BLOCK, Decryptor};
use crate::error::ErrorKind;

/// How much is decrypted at a time.
const STEP: usize = 64 * 1024;

/// The content of an envelope. An error of its own is an [`Error`] inside the `io::Error`.
pub(crate) struct Opened<R> {
    sealed: R,
    key: Arc<PrivateKey>,
    stage: Stage,
    cipher: Vec<u8>,
    plain: Vec<u8>,
    /// What of `plain` has been decrypted and not yet been read.
    ready: std::ops::Range<usize>,
    read: Arc<AtomicU64>,
}

enum Stage {
    Head,
    Content(Decryptor),
    Over,
}

impl<R: Read> Opened<R> {
    pub(crate) fn new(sealed: R, key: Arc<PrivateKey>) -> Self {
        Self {
            sealed,
            key,
            stage: Stage::Head,
            cipher: vec![0; STEP],
            plain: vec![0; STEP + BLOCK],
            ready: 0..0,
            read: Arc::default(),
        }
    }

    /// How many bytes of the envelope have been read, as a counter that stays current.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    fn head(&mut self) -> io::Result<Decryptor> {
        let wrapped_length = self.key.wrapped_length();
        let mut head = vec![0; wrapped_length + BLOCK];
        let got = fill(&mut self.sealed, &mut head)?;
        self.count(got);
        if got < head.len() {
            return Err(self.wrong_size());
        }
        let (wrapped, iv) = head.split_at(wrapped_length);
        let key = self
            .key
            .unwrap_file_key(wrapped)
            .ok_or_else(undecryptable)?;
        let iv = <[u8; BLOCK]>::try_from(iv).map_err(|_| undecryptable())?;
        Decryptor::new(&key, iv).ok_or_else(undecryptable)
    }

    /// Decrypts the next part. False at the end.
    fn advance(&mut self) -> io::Result<bool> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => Ok(false),
            Stage::Head => {
                self.stage = Stage::Content(self.head()?);
                Ok(true)
            }
            Stage::Content(mut decryptor) => {
                let got = fill(&mut self.sealed, &mut self.cipher)?;
                self.count(got);
                let written = if got > 0 {
                    let written = decryptor.update(&self.cipher[..got], &mut self.plain);
                    self.stage = Stage::Content(decryptor);
                    written
                } else {
                    self.check_size()?;
                    decryptor.finish(&mut self.plain)
                };
                self.ready = 0..written.ok_or_else(undecryptable)?;
                Ok(true)
            }
        }
    }

    fn count(&self, bytes: usize) {
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn check_size(&self) -> io::Result<()> {
        let content =
            self.read.load(Ordering::Relaxed) - (self.key.wrapped_length() + BLOCK) as u64;
        if content == 0 || !content.is_multiple_of(BLOCK as u64) {
            Err(self.wrong_size())
        } else {
            Ok(())
        }
    }

    fn wrong_size(&self) -> io::Error {
        let size = self.read.load(Ordering::Relaxed);
        io::Error::other(Error::from(ErrorKind::FileDecryption(format!(
            "File size not valid: {size}"
        ))))
    }
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !buffer.is_empty() {
            if !self.advance()? {
                return Ok(0);
            }
        }
        let length = buffer.len().min(self.ready.len());
        let from = self.ready.start;
        buffer[..length].copy_from_slice(&self.plain[from..from + length]);
        self.ready.start += length;
        Ok(length)
    }
}

/// Reads until `buffer` is full or there is nothing left.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match source.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(length) => got += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// One error for a wrong key, a wrong length and wrong padding: telling them apart would help who tampers.
fn undecryptable() -> io::Error {
    let reason = "the file cannot be decrypted: it was encrypted for another key, or is damaged";
    io::Error::other(Error::from(ErrorKind::FileDecryption(reason.to_owned())))
}
