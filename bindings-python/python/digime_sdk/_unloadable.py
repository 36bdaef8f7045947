"""What is said where the native half of the package cannot be loaded, and where there are wheels with it."""

from __future__ import annotations

import platform
import sys
import sysconfig
from pathlib import Path
from typing import Optional

WHEELS = (
    "manylinux2014_x86_64",
    "manylinux2014_aarch64",
    "musllinux_1_2_x86_64",
    "musllinux_1_2_aarch64",
    "macosx_10_12_x86_64",
    "macosx_11_0_arm64",
    "win_amd64",
    "win_arm64",
)
"""The platforms of the wheels, as pip calls them."""

_FOLDER = Path(__file__).parent


def _libc() -> str:
    # musl does not say that it is there.
    return (platform.libc_ver()[0] or "musl") if sys.platform == "linux" else ""


def _wheel() -> Optional[str]:
    """Give what pip calls this platform, if there is a wheel for it."""
    system = {"linux": "manylinux" if _libc() == "glibc" else "musllinux", "darwin": "macosx", "win32": "win"}
    begin = system.get(sys.platform, sys.platform)
    fitting = (each for each in WHEELS if each.startswith(begin) and each.endswith(platform.machine().lower()))
    return next(fitting, None)


def why(error: ImportError) -> str:
    """Say why the native half cannot be had here, and what to do."""
    there = f"{sysconfig.get_platform()} {_libc()}".strip()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    others = ", ".join(sorted(each.name for each in _FOLDER.glob("_native.*") if each.suffix != ".pyi"))
    if not isinstance(error, ModuleNotFoundError):
        reason = f"What is installed in {_FOLDER} cannot be loaded: {error}."
    elif not _FOLDER.is_dir():
        reason = f"{_FOLDER} is in an archive, from which none can be loaded: unpack that, or make it with shiv or pex."
    elif others:
        reason = f"What is installed in {_FOLDER} is for another platform: {others}."
    else:
        reason = f"There is none in {_FOLDER}, which was copied, or packed, without."
    wheel = _wheel()
    install = (
        f"Install it where it runs, or elsewhere for it: pip install --platform {wheel} --only-binary=:all: "
        "--target FOLDER digime-sdk"
        if wheel
        else "Run it on one of these, or install it from source, which needs Rust"
    )
    return (
        f"{__package__} has no native code to load on {there} ({python}). {reason}\n"
        f"There are wheels for CPython 3.9 and later on {', '.join(WHEELS)}.\n{install}"
    )
