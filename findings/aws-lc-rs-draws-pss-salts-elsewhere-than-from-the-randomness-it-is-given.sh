#!/usr/bin/env bash
# aws-lc-rs 1.19.0 (crates.io): `rsa::KeyPair::sign` takes a source of randomness, and for tests the feature `dev-tests-only` lets one give a source of
# one's own (`rand::unsealed::SecureRandom`), for signatures that can be had again. For RSASSA-PSS it is not asked: the salt comes from AWS-LC
# itself. With a source that always gives the same bytes two signatures of one message differ, and not one byte is drawn from it: a
# program that is replayed from a seed cannot have the same signatures again.
#
# Seen with Rust 1.95:
#   signatures equal: false
#   bytes drawn from the source given: 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init --quiet --name finding --vcs none .
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
aws-lc-rs = { version = "=1.19.0", default-features = false, features = ["aws-lc-sys", "alloc", "dev-tests-only"] }
[workspace]
TOML
cat > src/main.rs <<'RUST'
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::unsealed::SecureRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA512, UnparsedPublicKey};

#[derive(Debug)]
struct Sevens(AtomicUsize);

impl SecureRandom for Sevens {
    fn fill_impl(&self, dest: &mut [u8]) -> Result<(), Unspecified> {
        self.0.fetch_add(dest.len(), Ordering::SeqCst);
        dest.fill(7);
        Ok(())
    }
}

fn main() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let random = Sevens(AtomicUsize::new(0));
    let sign = || {
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PSS_SHA512, &random, b"message", &mut signature).unwrap();
        UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA512, key.public_key().as_ref())
            .verify(b"message", &signature)
            .unwrap();
        signature
    };
    println!("signatures equal: {}", sign() == sign());
    println!("bytes drawn from the source given: {}", random.0.load(Ordering::SeqCst));
}
RUST
env --unset=CARGO_BUILD_TARGET cargo run --quiet > seen
cat seen
diff seen - <<'SEEN'
signatures equal: false
bytes drawn from the source given: 0
SEEN
echo "as found"
