"""The CPythons that can be had: those of this machine, and Debian's, each of which has nothing but a base system beside it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .products import ROOT

_CHROOTS = ROOT / "build/release/chroots"
_SUITES = {
    "bullseye": ("python3-venv",),  # glibc 2.31 and CPython 3.9, the oldest that there is
    "sid": ("python3-all-venv",),  # the newest
}
_ASK = """
import sys, sysconfig
print(*sys.version_info[:3], sys.implementation.name, sysconfig.get_config_var("Py_GIL_DISABLED"))
"""
_OLDEST = (3, 9)


@dataclass(frozen=True)
class Python:
    """An interpreter."""

    program: str
    """Its path, inside of its root."""
    version: str
    root: Path = Path("/")

    @property
    def name(self) -> str:
        """What it is called in reports."""
        return f"CPython {self.version}" + (f" in Debian {self.root.name}" if self.root != Path("/") else "")

    def run(self, *command: str, folder: str = "/") -> subprocess.CompletedProcess[str]:
        """Run a command where the interpreter is, with nothing in its environment that tells installers what to do."""
        prefix = [] if self.root == Path("/") else ["chroot", str(self.root)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        environment |= {"PIP_CONFIG_FILE": os.devnull, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        environment.pop("VIRTUAL_ENV", None)
        environment.pop("DIGIME_SANDBOX_BIN", None)
        command = (*prefix, *command)
        cwd = folder if self.root == Path("/") else "/"
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def of_this_machine() -> list[Python]:
    """One of each minor version that pyenv has, or that is on the path."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders = [*pyenv.glob("*/bin"), *(Path(folder) for folder in os.get_exec_path()), Path(sys.executable).parent]
    found: dict[str, Python] = {}
    for folder in folders:
        for program in folder.glob("python3*"):
            if re.fullmatch(r"python3(\.\d+)?", program.name) and "shims" not in folder.parts:
                for python in _asked(Python(str(program), "")):
                    found.setdefault(python.version.rpartition(".")[0], python)
    return sorted(found.values(), key=_order)


def of_debian(suite: str) -> list[Python]:
    """Those of a suite of Debian's, which is fetched unless it was before."""
    root = _CHROOTS / suite
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        command = [
            "debootstrap",
            "--variant=minbase",
            f"--include={','.join(_SUITES[suite])}",
            suite,
            str(root),
            _mirror(),
        ]
        log = root.with_suffix(".log")
        with log.open("w") as output:
            if subprocess.run(command, stdout=output, stderr=output, check=False).returncode:
                msg = f"debootstrap of {suite} failed: {log} says why"
                raise RuntimeError(msg)
        (root / "complete").touch()
    programs = sorted((root / "usr/bin").glob("python3.*"))
    inside = [f"/usr/bin/{program.name}" for program in programs if re.fullmatch(r"python3\.\d+", program.name)]
    return sorted((python for path in inside for python in _asked(Python(path, "", root))), key=_order)


def suites() -> list[str]:
    """The suites of Debian's that have the oldest and the newest."""
    return list(_SUITES)


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


def _mirror() -> str:
    """Where this machine has Debian's packages from, as apt is configured."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"],
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout.splitlines()[0]
