#!/usr/bin/env bash
# cargo for maturin in the tests: builds the whole workspace where maturin asks for one package. Alone, a package turns on fewer features of what it is built upon, so that most of that, the core
# too, would be compiled once more.
set -euo pipefail
if [[ $1 == rustc ]]; then
    set -- build --workspace --all-targets "${@:2}"
    arguments=()
    while (($#)); do
        case $1 in
            --manifest-path | --bin) shift ;;
            --lib) ;;
            *) arguments+=("$1") ;;
        esac
        shift
    done
    # maturin would pack the tests as programs, and look for libraries where other packages' build scripts have put what they link in.
    cargo "${arguments[@]}" | grep --invert-match --regexp='"test":true' --regexp='"reason":"build-script-executed"'
else
    exec cargo "$@"
fi
