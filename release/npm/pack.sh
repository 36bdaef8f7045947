#!/usr/bin/env bash
# Packs each package that was staged, beside it, as npm will have it.
set -euo pipefail
cd "$(dirname "$0")/../../build/release/npm"
rm -f ./*.tgz
for package in */; do
  (cd "$package" && npm pack --silent --ignore-scripts --pack-destination ..)
done
