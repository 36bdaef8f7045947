"""The bindings' tests under AddressSanitizer, and a short round of each binding under valgrind: `sanitize.py TARGET_FOLDER`.

The stable compiler has the instrumentation, behind RUSTC_BOOTSTRAP; what C there is (AWS-LC, SQLite) is compiled with it too. Neither `node` nor
`python` is, so gcc's runtime is loaded before them. Of what it would report, leaks are left out: both programs end without freeing what they have.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from debian import install

_ROOT = Path(__file__).parents[1]
_NODE = _ROOT / "bindings-node"
_PYTHON = _ROOT / "bindings-python"
_INSTRUMENTED = b"__asan_report_load8"

# What these test is told by how much memory there is, or by a build of their own.
_NOT_UNDER_IT = {"leaks.test.mjs", "test_leaks.py", "test_wheel.py", "package.test.mjs"}

_ROUND_OF_PYTHON = "test_byte_streams.py"
_ROUND_OF_NODE = "bodies.test.mjs"


def main() -> int:
    """Build, and run all; give the exit code."""
    folder = Path(sys.argv[1])
    if shutil.which("valgrind") is None:
        install("valgrind")
    native, addon = _built(folder)
    package = folder / "python"
    shutil.copytree(_PYTHON / "python", package, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.so"))
    shutil.copy(native, package / "digime_sdk" / "_native.abi3.so")
    failed = [
        what
        for what, passed in (
            ("Python under AddressSanitizer", _python(package)),
            ("Node under AddressSanitizer", _node(addon)),
            ("Python under valgrind", _python_in_valgrind()),
            ("Node under valgrind", _node_in_valgrind()),
        )
        if not passed
    ]
    for what in failed:
        print(f"✗ {what}")
    print(f"{4 - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
