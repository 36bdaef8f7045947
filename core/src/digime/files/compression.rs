//! Undoing the compression of a file, within limits: a few bytes can stand for a great many.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use brotli_decompressor::Decompressor;

use crate::Error;
use crate::digime::files::gzip_members::Members;
use crate::error::ErrorKind;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Brotli,
}

impl Compression {
    /// By the word that the platform uses. Its word for none is not documented, and SDKs and fixtures spell it as they like.
    pub(crate) fn named(name: Option<&str>) -> Result<Self, Error> {
        let name = name.unwrap_or_default().replace(['-', '_', ' '], "");
        match name.to_ascii_lowercase().as_str() {
            "" | "none" | "null" | "no" | "nocompression" | "uncompressed" | "identity" => {
                Ok(Self::None)
            }
            "gzip" => Ok(Self::Gzip),
            "brotli" | "br" => Ok(Self::Brotli),
            _ => Err(Error::sdk(
                "the file is compressed in a way that this SDK does not know; look for a newer version",
            )),
        }
    }
}

/// How large what comes of a file may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// In bytes.
    pub size: u64,
    /// As a multiple of the file itself.
    pub ratio: u64,
}

impl Bounds {
    /// How long the encrypted file may be: what is compressed is shorter than its content, and the envelope adds little.
    pub(crate) fn sealed_size(self) -> u64 {
        const ENVELOPE: u64 = 4096;
        self.size.saturating_add(ENVELOPE)
    }
}

/// Small files may be compressed to almost nothing: below this many bytes the ratio does not matter.
const RATIO_COUNTS_FROM: u64 = 16 * 1024 * 1024;

/// The content of a compressed file.
pub(crate) struct Inflated<R: Read> {
    content: Content<R>,
    bounds: Bounds,
    compressed: Arc<AtomicU64>,
    produced: u64,
}

enum Content<R: Read> {
    Plain(R),
    Gzip(Members<R>),
    Brotli(Box<Decompressor<R>>),
}

impl<R: Read> Inflated<R> {
    /// `compressed` counts the bytes of the file as they are read.
    pub(crate) fn new(
        file: R,
        compression: Compression,
        bounds: Bounds,
        compressed: Arc<AtomicU64>,
    ) -> Self {
        let content = match compression {
            Compression::None => Content::Plain(file),
            Compression::Gzip => Content::Gzip(Members::new(file)),
            Compression::Brotli => Content::Brotli(Box::new(Decompressor::new(file, 64 * 1024))),
        };
        Self {
            content,
            bounds,
            compressed,
            produced: 0,
        }
    }

    fn within_bounds(&self) -> io::Result<()> {
        let Bounds { size, ratio } = self.bounds;
        let compressed = self.compressed.load(Ordering::Relaxed);
        let bound = if self.produced > size {
            "fileLimits.size"
        } else if self.produced > RATIO_COUNTS_FROM && self.produced / ratio.max(1) > compressed {
            "fileLimits.ratio"
        } else {
            return Ok(());
        };
        Err(io::Error::other(Error::from(ErrorKind::FileLimit {
            limit: bound,
        })))
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = match &mut self.content {
            Content::Plain(content) => content.read(buffer)?,
            Content::Gzip(content) => content.read(buffer)?,
            Content::Brotli(content) => {
                let length = content.read(buffer)?;
                if length == 0 && !buffer.is_empty() {
                    // Brotli knows its own end, but only the end of the file shows that the file is whole.
                    io::copy(content.get_mut(), &mut io::sink())?;
                }
                length
            }
        };
        self.produced += length as u64;
        self.within_bounds()?;
        Ok(length)
    }
}
