#!/usr/bin/env bash
# Builds everything for this machine's platform as a release does, installs it in folders of its own, and does there what a new installation has to do:
# `bash release/try.sh TARGET`.
set -euo pipefail
cd "$(dirname "$0")/.."
bash release/build.sh "$1"
bash release/npm/compile.sh
node release/npm/stage.mjs build/release/npm-binaries
bash release/npm/pack.sh
case "$1" in
  *-musl) bash release/smoke/alpine.sh ;;
  *) bash release/smoke/here.sh ;;
esac
