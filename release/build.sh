#!/usr/bin/env bash
# Builds everything for one platform, by its name in targets.json: `bash release/build.sh TARGET`, into build/release. Linux's are built anywhere, by zig's
# compiler and libc; the others on a machine of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
python -m pip install --quiet --requirement release/requirements.txt
# Not `npm ci`: the lock file has the parts of npm's tools for one platform alone.
npm install --prefix bindings-node --no-save --ignore-scripts --no-audit --no-fund --loglevel error
node release/npm/build.mjs "$1"
cd release && python -m pypi.build "$1"
