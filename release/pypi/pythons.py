"""The CPythons that can be had: those of this machine, and Debian's, which have nothing but a base system beside them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import chroot

_SUITES = {
    chroot.OLD: "python3-venv",  # glibc 2.31 and CPython 3.9, the oldest that there is
    "sid": "python3-all-venv",  # the newest
}
_HERE = Path("/")
_OLDEST = (3, 9)
_ASK = """
import sys, sysconfig
print(*sys.version_info[:3], sys.implementation.name, sysconfig.get_config_var("Py_GIL_DISABLED"))
"""
# Nothing that tells installers what to do.
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull}


@dataclass(frozen=True)
class Python:
    """An interpreter."""

    program: str
    """Its path, inside of its root."""
    version: str
    root: Path = _HERE

    @property
    def name(self) -> str:
        """What it is called in reports."""
        return f"CPython {self.version}" + (f" in Debian {self.root.name}" if self.root != _HERE else "")

    def run(self, *command: str, folder: str = "/") -> subprocess.CompletedProcess[str]:
        """Run a command where the interpreter is."""
        if self.root != _HERE:
            return chroot.run(self.root, [*command], cwd=folder, environment=_ENVIRONMENT)
        return subprocess.run(command, cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False)


def of_this_machine() -> list[Python]:
    """One of each minor version that pyenv has, or that is on the path."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders = [*pyenv.glob("*/bin"), *(Path(folder) for folder in os.get_exec_path()), Path(sys.executable).parent]
    found: dict[str, Python] = {}
    for folder in folders:
        # What is in pyenv's folder of shims needs its environment.
        for program in [] if folder.name == "shims" else _programs(folder):
            for python in _asked(Python(str(program), "")):
                found.setdefault(python.version.rpartition(".")[0], python)
    return sorted(found.values(), key=_order)


def of_debian(suite: str) -> list[Python]:
    """Those of a suite of Debian's."""
    root = chroot.minimal(suite)
    if not _programs(root / "usr/bin"):
        apt = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", _SUITES[suite]]
        installed = chroot.run(root, apt, cwd="/", environment=_ENVIRONMENT | {"DEBIAN_FRONTEND": "noninteractive"})
        if installed.returncode:
            msg = f"{_SUITES[suite]} cannot be installed: {installed.stderr}"
            raise RuntimeError(msg)
    inside = [f"/usr/bin/{program.name}" for program in _programs(root / "usr/bin") if program.name != "python3"]
    return sorted((python for path in inside for python in _asked(Python(path, "", root))), key=_order)


def suites() -> list[str]:
    """The suites of Debian's that have the oldest and the newest."""
    return list(_SUITES)


def _programs(folder: Path) -> list[Path]:
    return [program for program in folder.glob("python3*") if re.fullmatch(r"python3(\.\d+)?", program.name)]


def _asked(python: Python) -> Iterator[Python]:
    """Give it with its version, if it is a CPython that packages are for."""
    answer = python.run(python.program, "-c", _ASK)
    if answer.returncode:
        return
    major, minor, micro, implementation, free_threaded = answer.stdout.split()
    # There are no wheels for those without the global lock.
    if implementation == "cpython" and (int(major), int(minor)) >= _OLDEST and free_threaded != "1":
        yield Python(python.program, f"{major}.{minor}.{micro}", python.root)


def _order(python: Python) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", python.version)]
