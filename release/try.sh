#!/usr/bin/env bash
# Builds everything for this machine's platform as a release does, installs it in folders of its own, and does there what a new installation has to do:
# `bash release/try.sh TARGET`.
set -euo pipefail
cd "$(dirname "$0")/.."
bash release/build.sh "$1"
npm run --silent build --prefix bindings-node
npm run --silent build --prefix packages/sandbox-npm
node release/npm/stage.mjs build/release/npm-binaries
bash release/npm/pack.sh
bash release/smoke/here.sh
