"""Where the nemesis takes place: namespaces of its own, all of which end with it, however it ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ENCLOSED = "--enclosed"

# Nothing that is left in them is left on the machine.
_MOUNTED = ("/mnt", "/dev/shm")  # noqa: S108


class NotPermittedError(Exception):
    """Namespaces are made by root."""


def enclose(arguments: Sequence[str]) -> int:
    """Have the program run once more, in namespaces of its own, and give its exit code.

    The kernel ends all that is in them when the first process there dies, which it does when `unshare` dies, which is
    killed when the one that runs here dies. So nothing is left behind, by whatever signal.
    """
    if os.geteuid() != 0:
        message = "the nemesis makes namespaces, mounts and network devices: it has to be run as root"
        raise NotPermittedError(message)
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
    command += ["--mount-proc", sys.executable, "-m", "torture.nemesis", ENCLOSED, *arguments]
    with subprocess.Popen(command) as process:
        try:
            return process.wait()
        finally:
            # However this ends. The child dies with it.
            process.kill()


def settle() -> None:
    """Have folders for what is temporary that are nobody else's, and a network of loopback."""
    for place in _MOUNTED:
        run("mount", "-t", "tmpfs", "-o", "mode=1777", "nemesis", place)
    tempfile.tempdir = os.environ["TMPDIR"] = _MOUNTED[0]
    run("ip", "link", "set", "lo", "up")


def run(*command: str | Path) -> None:
    """Run a command of the system's, and fail with what it says."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        message = f"{' '.join(map(str, command))}: {done.stdout.strip()}"
        raise RuntimeError(message)


def packages() -> list[str]:
    """Give the packages of Debian's that are missing: there is no network to install them from within."""
    needed = {"iproute2": "ip", "util-linux": "unshare"}
    missing = [package for package, program in needed.items() if shutil.which(program) is None]
    return missing if faketime() else [*missing, "libfaketime"]


def faketime() -> Path | None:
    """Give the library that tells programs another time, if it is installed."""
    return next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
