#!/usr/bin/env bash
# libflate 2.3.2 (crates.io): the checksum of a gzip header (FHCRC, RFC 1952 section 2.3.1) is the CRC-32's lower half over all bytes of the header before it,
# FLG among them as it stands there. libflate computes it over a header of its own writing in which the bit FHCRC of FLG is not set
# (`Header::crc16`). So it refuses what others write, and others that check refuse what it writes. zlib reads the same file.
#
# Seen with Rust 1.95 and Python 3.11:
#   zlib: b'named'
#   libflate: CRC16 of GZIP header mismatched
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 - > seen <<'PYTHON'
import struct
import zlib

header = bytes([0x1F, 0x8B, 8, 0x02, 0, 0, 0, 0, 0, 3])
deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
content = deflate.compress(b"named") + deflate.flush()
checksum = struct.pack("<H", zlib.crc32(header) & 0xFFFF)
trailer = struct.pack("<II", zlib.crc32(b"named"), 5)
with open("file.gz", "wb") as file:
    file.write(header + checksum + content + trailer)
# zlib checks it: with another checksum this is an error.
print("zlib:", zlib.decompress(header + checksum + content + trailer, 31))
PYTHON
cargo init --quiet --name finding --vcs none .
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
libflate = "=2.3.2"
[workspace]
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let file = std::fs::read("file.gz").unwrap();
    let error = libflate::gzip::Decoder::new(&file[..]).err().unwrap().to_string();
    println!("libflate: {}", error.split(": ").next().unwrap());
}
RUST
env --unset=CARGO_BUILD_TARGET cargo run --quiet >> seen
cat seen
diff seen - <<'SEEN'
zlib: b'named'
libflate: CRC16 of GZIP header mismatched
SEEN
echo "as found"
