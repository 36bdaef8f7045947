"""Debian's packages: those that a test needs and this machine lacks are installed, and no service of theirs is started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian asks this program whether a service that was installed may be started."""
_NEVER = "#!/bin/sh\nexit 101\n"


def install(*packages: str) -> None:
    """Install packages."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "--yes", "--quiet", "--option", "DPkg::Lock::Timeout=300"]
    with _nothing_started():
        subprocess.run([*apt, "update"], stdout=sys.stderr, env=environment, check=True)
        command = [*apt, "install", "--no-install-recommends", *packages]
        subprocess.run(command, stdout=sys.stderr, env=environment, check=True)


@contextmanager
def _nothing_started() -> Generator[None]:
    if _POLICY.exists():
        # Whoever set this machine up has decided.
        yield
        return
    _POLICY.write_text(_NEVER, encoding="ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
