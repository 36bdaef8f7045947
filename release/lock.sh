#!/usr/bin/env bash
# Locks what `*.in` asks for to the digests of every file that can be installed, on any platform: `bash release/lock.sh`, with uv. Run it after a change of such a file.
set -euo pipefail
cd "$(dirname "$0")/.."
for asked in release/builders release/requirements website/requirements; do
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
    --custom-compile-command "bash release/lock.sh" "$asked.in" --output-file "$asked.txt"
done
