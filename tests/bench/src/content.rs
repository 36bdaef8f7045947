//! What the files of the bench hold, and how they are compressed.

use std::fmt::Write as _;
use std::io::{self, Write};

use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

/// How long the content of a file is, in bytes.
const LENGTH: usize = 64 * 1024;
/// How long a document is, in bytes.
const DOCUMENT_LENGTH: usize = 8 * 1024 * 1024;
/// How hard the platform compresses: the files are made once for each reader.
const QUALITY: u32 = 5;
/// The largest window that every decoder has to know (RFC 7932 section 9.1).
const WINDOW: u32 = 22;

/// 64 KiB of FHIR observations, other ones for each number, which compress as health data does: about eightfold.
#[must_use]
pub fn text(number: u64) -> Vec<u8> {
    let mut text = String::with_capacity(LENGTH + 256);
    let mut state = number.wrapping_add(1);
    while text.len() < LENGTH {
        // Knuth's linear congruential generator: the same files on every machine.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (value, day) = (state >> 33 & 0xfff, state >> 50 & 0x1f);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            r#"{{"resourceType":"Observation","id":"{state:016x}","status":"final","effectiveDateTime":"2026-01-{day:02}","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}},"valueQuantity":{{"value":{value},"unit":"/min"}}}}"#
        );
    }
    text.truncate(LENGTH);
    text.into_bytes()
}

/// 8 MiB of what cannot be compressed, as most documents are.
pub(crate) fn document() -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        // Marsaglia's xorshift: the same document on every machine.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..DOCUMENT_LENGTH / 8).flat_map(|_| next()).collect()
}

/// The content in brotli.
pub fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    repeated(content, 1)
}

/// The content, as often as is said, in brotli.
pub fn repeated(content: &[u8], times: usize) -> io::Result<Vec<u8>> {
    let mut compressor = CompressorWriter::new(Vec::new(), LENGTH, QUALITY, WINDOW);
    for _ in 0..times {
        compressor.write_all(content)?;
    }
    Ok(compressor.into_inner())
}

/// The content in gzip.
pub fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressor = GzEncoder::new(Vec::new(), Compression::default());
    compressor.write_all(content)?;
    compressor.finish()
}
