#!/usr/bin/env bash
# napi 3.16.1 (crates.io, napi-rs), Node 20: `JsString::into_utf16` gives a slice that is one unit longer than the string and ends with the zero that
# Node-API writes behind it, while `utf16_len` of the same string is right, and `into_utf8` gives no zero. Whoever takes the slice for the
# string's content, to keep lone surrogates that UTF-8 has no place for, adds a NUL to every text.
#
# Seen:
#   utf16_len 3, into_utf16 [97, 98, 99, 0], into_utf8 3 bytes
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[lib]
crate-type = ["cdylib"]
[dependencies]
napi = { version = "=3.16.1", default-features = false, features = ["napi8", "dyn-symbols"] }
napi-derive = "=3.7.0"
[workspace]
TOML
cat > src/lib.rs <<'RUST'
use napi::{JsString, Result};
use napi_derive::napi;

#[napi]
pub fn seen(text: JsString, same: JsString) -> Result<String> {
    let length = text.utf16_len()?;
    let units = text.into_utf16()?;
    let bytes = same.into_utf8()?;
    Ok(format!("utf16_len {length}, into_utf16 {:?}, into_utf8 {} bytes", units.as_slice(), bytes.as_str()?.len()))
}
RUST
env --unset=CARGO_BUILD_TARGET cargo build --quiet
cp target/debug/libfinding.so finding.node
node --eval 'console.log(require("./finding.node").seen("abc", "abc"))' > seen
cat seen
diff seen - <<'SEEN'
utf16_len 3, into_utf16 [97, 98, 99, 0], into_utf8 3 bytes
SEEN
echo "as found"
