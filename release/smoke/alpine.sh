#!/usr/bin/env bash
# Does what here.sh does in an Alpine, whose C library is musl, on this machine's processor.
set -euo pipefail
cd "$(dirname "$0")/../.."
# alpine:3.21.3
exec docker run --rm --volume "$PWD:/project" --workdir /project alpine@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c \
  sh -c 'apk add --no-cache bash nodejs npm python3 py3-pip && bash release/smoke/here.sh'
