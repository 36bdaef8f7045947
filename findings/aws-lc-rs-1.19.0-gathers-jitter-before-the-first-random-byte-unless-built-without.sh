#!/usr/bin/env bash
# aws-lc-rs 1.19.0 over aws-lc-sys 0.47.0 (crates.io): the first random byte of a process takes tens of milliseconds of a core. Before it AWS-LC gathers entropy from the
# processor's jitter, beside that of the system. Whoever signs, encrypts or speaks TLS once in a short process pays for it each time. Built with AWS_LC_SYS_NO_JITTER_ENTROPY=1
# the same program takes less than a twentieth of that.
#
# Seen with Rust 1.95 on x86-64 Linux:
#   the first random byte: 37974546 ns as it is, 24456 ns without jitter
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
aws-lc-rs = { version = "=1.19.0", default-features = false, features = ["aws-lc-sys", "alloc"] }
aws-lc-sys = "=0.47.0"
[workspace]
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let begun = std::time::Instant::now();
    aws_lc_rs::rand::fill(&mut [0]).unwrap();
    println!("{}", begun.elapsed().as_nanos());
}
RUST
# The fastest of five processes, in nanoseconds.
fastest() { for _ in 1 2 3 4 5; do "$1/release/finding"; done | sort -n | head -1; }
build() { env --unset=CARGO_BUILD_TARGET "${@:2}" cargo build --quiet --release --target-dir "$1"; }
build with
build without AWS_LC_SYS_NO_JITTER_ENTROPY=1
with=$(fastest with)
without=$(fastest without)
echo "the first random byte: $with ns as it is, $without ns without jitter"
test "$with" -gt $((20 * without))
test "$with" -gt 5000000
echo "as found"
