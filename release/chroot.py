"""A Debian with nothing but its base, in a folder: what a package that is installed there may rely on, at most."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))

from debian import install

OLD = "bullseye"
"""Debian 11, with glibc 2.31: the oldest whose C library the runtimes of today still run with."""


def minimal(suite: str = OLD) -> Path:
    """Give the folder of this Debian, which is made where it is not there yet."""
    folder = ROOT / "build/release/chroot" / suite
    made = folder / ".made"
    if made.exists():
        return folder
    if not Path("/usr/sbin/debootstrap").exists():
        install("debootstrap", "debian-archive-keyring")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["debootstrap", "--variant=minbase", suite, str(folder), mirror()]
    subprocess.run(command, stdout=sys.stderr, check=True)
    made.touch()
    return folder


def run(folder: Path, command: list[str], *, cwd: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in there, in a folder of its; it has the network of this machine, and these variables alone."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    entered = ["chroot", str(folder), "/usr/bin/env", "--ignore-environment", f"--chdir={cwd}", *variables, *command]
    return subprocess.run(entered, capture_output=True, text=True, check=False)


def mirror() -> str:
    """The mirror of Debian that apt is told here, or the one for all where this machine is none of Debian's."""
    asked = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
    sites = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    # Signatures are looked at, so that it need not be one with TLS.
    return next((site for site in sites if site.rstrip("/").endswith("/debian")), "http://deb.debian.org/debian")
