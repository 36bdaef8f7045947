"""Checks the packages for PyPI as they are published: `python release/check_python.py [PACKAGES]`, as root.

It builds them for this machine's platform, unless they are given, lets all checkers look at them (those that
release/requirements.txt names), serves them as an index on the loopback address, installs them from there for every
CPython that can be had, and runs the smoke script. It says what it sees, and closes with `N passed, N failed`.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pypi.checkers import checks
from pypi.contents import version
from pypi.index import serve
from pypi.products import PRODUCTS, ROOT, SANDBOX, Target, targets
from pypi.pythons import Python, of_debian, of_this_machine, suites
from tally import Failed, Tally

_DIST = ROOT / "build/release/pypi/dist"
_SMOKE = ROOT / "release/smoke/smoke.py"


def _look(tally: Tally, promise: str, look: Callable[[], str | None]) -> None:
    """Look at one thing, which says what is wrong with it, if anything is."""
    with tally.check(promise):
        fault = look()
        if fault:
            raise Failed(fault)


def build(target: Target) -> str | None:
    """Build everything for a platform."""
    shutil.rmtree(_DIST, ignore_errors=True)
    command = [sys.executable, "-m", "pypi.build", target.name, "--sdist", "--out", str(_DIST)]
    ended = subprocess.run(command, cwd=ROOT / "release", capture_output=True, text=True, check=False)
    return (ended.stdout + ended.stderr)[-4000:] if ended.returncode else None


def smoke(python: Python, index: str) -> str | None:
    """Install the packages into an environment of their own, and run the smoke script there."""
    folder = Path(tempfile.mkdtemp(prefix="digime-smoke-", dir=python.root / "tmp"))
    try:
        shutil.copy2(_SMOKE, folder)
        inside = Path("/") / folder.relative_to(python.root)
        venv = f"{inside}/venv"
        install = ["install", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--index-url", index]
        for command in (
            [python.program, "-m", "venv", venv],
            [f"{venv}/bin/python", "-m", "pip", *install, *(product.name for product in PRODUCTS)],
            [f"{venv}/bin/python", f"{inside}/{_SMOKE.name}"],
        ):
            ended = python.run(*command, folder=str(inside))
            if ended.returncode:
                return (ended.stdout + ended.stderr).strip()[-2000:]
        return None
    finally:
        shutil.rmtree(folder)


def run_once(runner: list[str], index: str) -> str | None:
    """Let a runner of commands fetch the sandbox, run it, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = {name: scratch for name in ("HOME", "PIPX_HOME", "UV_CACHE_DIR")}
        kept = {
            "PATH": os.environ["PATH"],
            "PIP_INDEX_URL": index,
            "UV_INDEX_URL": index,
            "UV_PYTHON_DOWNLOADS": "never",
        }
        command = [str(Path(sys.executable).parent / runner[0]), *runner[1:], SANDBOX.name, "--version"]
        ended = subprocess.run(command, env=folders | kept, capture_output=True, text=True, check=False)
    if ended.returncode == 0 and ended.stdout.strip() == f"{SANDBOX.name} {version()}":
        return None
    return (ended.stdout + ended.stderr).strip()[-2000:]


def _add(pythons: list[Python], suite: str) -> str | None:
    found = of_debian(suite)
    pythons += found
    return None if found else "it has no CPython"


def main() -> int:
    """Check everything."""
    rust = f"{platform.machine()}-unknown-linux-gnu"
    target = next(each for each in targets() if each.rust == rust)
    tally = Tally()
    dist = Path(sys.argv[1]) if sys.argv[1:] else _DIST
    if not sys.argv[1:]:
        _look(tally, "the packages are built", partial(build, target))
    if tally.failed == 0:
        for name, look in checks(dist, target).items():
            _look(tally, name, look)
        with serve(dist, ROOT / "build/release/pypi/index") as index:
            for runner in (["uvx"], ["pipx", "run"]):
                _look(tally, f"{' '.join(runner)} {SANDBOX.name} runs it", partial(run_once, runner, index))
            pythons = of_this_machine()
            for suite in suites():
                _look(tally, f"Debian {suite} is there", partial(_add, pythons, suite))
            for python in pythons:
                _look(tally, f"they are installed and work in {python.name}", partial(smoke, python, index))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
