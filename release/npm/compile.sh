#!/usr/bin/env bash
# Compiles the JavaScript of the packages, with what the binaries in build/release/npm-binaries were said to export when they were built. It needs the tools
# of bindings-node, and compiles no Rust.
set -euo pipefail
cd "$(dirname "$0")/../.."
cp build/release/npm-binaries/native.{js,d.ts} bindings-node/
rm -rf bindings-node/dist
npm run --silent build --prefix bindings-node
npm run --silent build --prefix packages/sandbox-npm
