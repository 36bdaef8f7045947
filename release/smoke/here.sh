#!/usr/bin/env bash
# Installs the staged packages on this machine, in folders of their own and with nothing beside them, and does there what a new installation has to do.
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

platform=$(node -p '
  const { platform, arch, report } = process;
  const libc = { linux: () => (report.getReport().header.glibcVersionRuntime ? "-gnu" : "-musl"), win32: () => "-msvc" }[platform];
  `${platform}-${arch}${libc?.() ?? ""}`')
cd "$scratch"
npm init --yes > /dev/null
# The other platforms' packages are on no registry yet.
npm install --omit=optional --no-audit --no-fund --loglevel error "$project"/build/release/npm/digime-{sdk,sandbox}{,-"$platform"}-[0-9]*.tgz
cp "$project/release/smoke/smoke.mjs" .
node smoke.mjs

python3 -m venv venv || python -m venv venv
venv=$(echo venv/bin venv/Scripts | xargs -n 1 sh -c 'test -d "$0" && echo "$0" || true')
"$venv/python" -m pip install --quiet --no-index --find-links "$project/build/release/pypi/dist" --only-binary :all: digime-sdk digime-sandbox
"$venv/python" "$project/release/smoke/smoke.py"
