//! What the work must cost: each of its parts done alone, with keys that are ready and in memory that is used again.

use std::hint::black_box;
use std::io::{self, Read};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{KeyPair, ParsedPublicKey, RSA_PSS_2048_8192_SHA512};
use brotli_decompressor::Decompressor;
use clap::Args;
use digime_bench::{
    BenchError, Cipher, ENVELOPE_HEAD, brotli, contract, gzip, repeated, seal, sign, text,
};
use flate2::read::GzDecoder;
use serde::Serialize;

use crate::measurement::{Measurement, repeat};

const MEBIBYTE: usize = 1024 * 1024;
/// How much is encrypted, decrypted or inflated at a time.
const STEP: usize = 64 * 1024;

/// How much is done.
#[derive(Args)]
pub struct Sizes {
    /// How many calls or files
    #[arg(long, value_name = "N", default_value_t = 400)]
    pub count: u64,
    /// How many mebibytes are streamed
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub mebibytes: u64,
    /// How many mebibytes the large file has when it is inflated
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub large_mebibytes: usize,
}

/// The parts that need no network, each for one call, one file or one mebibyte.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Primitives {
    /// One PS512 signature.
    sign: Measurement,
    /// One PS512 verification.
    verify: Measurement,
    /// The unwrapping of one file key with OAEP.
    unwrap: Measurement,
    /// The decryption of one file.
    decrypt_file: Measurement,
    /// The inflation of one file from brotli.
    brotli_file: Measurement,
    /// The inflation of the same content from gzip.
    gzip_file: Measurement,
    /// The inflation of the large file.
    brotli_large: Measurement,
    /// The encryption of one mebibyte.
    encrypt_mebibyte: Measurement,
    /// The decryption of one mebibyte.
    decrypt_mebibyte: Measurement,
}

impl Primitives {
    /// Measures them.
    pub fn measure(sizes: &Sizes) -> Result<Self, BenchError> {
        let pair = contract()?;
        let message = text(0).split_off(STEP - 600);
        let signature = sign(&pair, &message)?;
        let public = ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA512, pair.public_key().as_ref())?;
        let der: Pkcs8V1Der<'_> = pair.as_der()?;
        let unwrapping =
            OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(der.as_ref())?)?;
        let content = text(0);
        let (in_brotli, in_gzip) = (brotli(&content)?, gzip(&content)?);
        let large = repeated(&content, sizes.large_mebibytes * 16)?;
        let envelope = seal(&pair, &in_brotli)?;
        let (head, sealed) = envelope.split_at(ENVELOPE_HEAD);
        let mut file_key = vec![0; unwrapping.min_output_size()];
        let mut step = vec![0; STEP + 16];
        let mut encryptor = Cipher::FIXED.encryptor()?;
        let mut decryptor = Cipher::FIXED.decryptor()?;
        Ok(Self {
            sign: repeat(sizes.count, || sign(&pair, &message).map(drop))?,
            verify: repeat(sizes.count, || Ok(public.verify_sig(&message, &signature)?))?,
            unwrap: repeat(sizes.count, || {
                unwrapping.decrypt(&OAEP_SHA1_MGF1SHA1, &head[..256], &mut file_key, None)?;
                Ok(())
            })?,
            decrypt_file: repeat(sizes.count, || {
                Cipher::FIXED.decryptor()?.update(sealed, &mut step)?;
                Ok(())
            })?,
            brotli_file: repeat(sizes.count, || {
                inflate(Decompressor::new(&*in_brotli, STEP))
            })?,
            gzip_file: repeat(sizes.count, || inflate(GzDecoder::new(&*in_gzip)))?,
            brotli_large: repeat(1, || inflate(Decompressor::new(&*large, STEP)))?,
            encrypt_mebibyte: repeat(sizes.mebibytes, || {
                for _ in 0..MEBIBYTE / STEP {
                    encryptor.update(&content, &mut step)?;
                }
                Ok(())
            })?,
            decrypt_mebibyte: repeat(sizes.mebibytes, || {
                for _ in 0..MEBIBYTE / STEP {
                    decryptor.update(&content, &mut step)?;
                }
                Ok(())
            })?,
        })
    }
}

fn inflate(mut content: impl Read) -> Result<(), BenchError> {
    black_box(io::copy(&mut content, &mut io::sink())?);
    Ok(())
}
