#!/usr/bin/env bash
# Builds everything for one platform, by its name in targets.json: `bash release/build.sh TARGET`, into build/release. Linux's are built anywhere, by zig's
# compiler and libc; the others on a machine of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
! command -v rustup > /dev/null || rustup target add "$(node -p 'require("./release/targets.json").find(({ name }) => name === process.argv[1]).rust' "$1")"
python -m pip install --quiet --require-hashes --requirement release/builders.txt
npm ci --prefix bindings-node --ignore-scripts --no-audit --no-fund --loglevel error
rm -rf build/release/pypi/dist
node release/npm/build.mjs "$1"
cd release && python -m pypi.build "$1"
