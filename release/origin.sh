#!/usr/bin/env bash
# Refuses to release a commit that is not on main, or of which CI has not said that all is well: `bash release/origin.sh COMMIT`, with `gh` and its token.
set -euo pipefail
git merge-base --is-ancestor "$1" origin/main || { echo "$1 is not on main: only what is there is released" >&2; exit 1; }
passed=$(gh run list --workflow ci.yml --branch main --event push --commit "$1" --status success --json databaseId --jq length)
test "$passed" -gt 0 || { echo "CI has not passed for $1 on main: wait for it, and run this workflow again" >&2; exit 1; }
