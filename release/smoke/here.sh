#!/usr/bin/env bash
# Installs the staged packages on this machine, in folders of their own and with nothing beside them, and does there what a new installation has to do.
# With `--from-sources` pip compiles what it installs.
set -euo pipefail
cd "$(dirname "$0")/../.."
project=$PWD
scratch=$(mktemp -d)
# A folder that somebody stands in, or whose programs still end, is not removed everywhere: it is a temporary one, and no fault of the packages.
trap 'cd "$project" && rm -rf "$scratch" || true' EXIT

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
dist=$project/build/release/pypi/dist
if [ "${1:-}" = --from-sources ]; then
  "$venv/python" -m pip install --quiet --no-deps "$dist"/digime_{sdk,sandbox}-*.tar.gz
else
  "$venv/python" -m pip install --quiet --no-index --find-links "$dist" --only-binary :all: digime-sdk digime-sandbox
fi
"$venv/python" "$project/release/smoke/smoke.py"
