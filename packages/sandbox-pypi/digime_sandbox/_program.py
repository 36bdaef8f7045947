"""Where the sandbox's program is: among the scripts of this package, or where `DIGIME_SANDBOX_BIN` says."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

_NAME = "digime-sandbox.exe" if os.name == "nt" else "digime-sandbox"


def program() -> Path:
    """Give its path."""
    own = os.environ.get("DIGIME_SANDBOX_BIN")
    if own:
        found = shutil.which(own)
        if found is None:
            msg = f"DIGIME_SANDBOX_BIN names {own}, which is no program that can be run"
            raise FileNotFoundError(msg)
        return Path(found)
    # What was installed with `pip install --target` has its scripts there, and not where it says.
    beside = Path(__file__).parents[1] / "bin" / _NAME
    for path in (*_installed(), beside):
        if path.is_file():
            return path.resolve()
    msg = (
        f"{_NAME} is not where the package digime-sandbox was installed: install it again, "
        "or let DIGIME_SANDBOX_BIN name one, such as `cargo install digime-sandbox` builds"
    )
    raise FileNotFoundError(msg)


def _installed() -> list[Path]:
    try:
        listed = files("digime-sandbox") or []
    except PackageNotFoundError:
        return []
    return [Path(str(file.locate())) for file in listed if file.name == _NAME]
