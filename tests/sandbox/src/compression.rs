//! How a file is made smaller before it is locked.

use std::io::{self, Write};

use brotli::enc::BrotliEncoderParams;
use flate2::write::GzEncoder;
use serde::Serialize;

/// The names are those of `x-metadata`.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    Brotli,
    Gzip,
}

impl Compression {
    pub fn apply(self, content: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                // The files are made for every request, so that speed counts for more than size.
                let parameters = BrotliEncoderParams {
                    quality: 2,
                    ..BrotliEncoderParams::default()
                };
                let mut compressed = Vec::new();
                brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
                Ok(compressed)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(content)?;
                encoder.finish()
            }
        }
    }
}
