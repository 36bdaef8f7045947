"""Where the programs are that the demo starts."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[2]

FILES = _REPOSITORY / "examples" / "files"
"""What is uploaded."""

SCREENSHOTS = _REPOSITORY / "build" / "screenshots"
"""Where the pictures of all pages go."""

IMAGES = _REPOSITORY / "docs" / "images"
"""Where the pictures are that READMEs show."""


@dataclass(frozen=True)
class Places:
    """The sandbox's binary, the folders with the apps of each language, and what runs them."""

    sandbox: Path
    node: str
    node_apps: Path
    python: str
    python_apps: Path


def read_places(about: str) -> Places:
    """Read the command line and the environment."""
    parser = ArgumentParser(description=about)
    binary = os.environ.get("DIGIME_SANDBOX_BIN")
    parser.add_argument(
        "--sandbox",
        type=Path,
        default=binary,
        required=binary is None,
        help="the digime-sandbox binary (default: the environment variable DIGIME_SANDBOX_BIN)",
    )
    parser.add_argument("--node", default="node", help="the Node.js to run the JavaScript apps")
    parser.add_argument("--node-apps", type=Path, default=_REPOSITORY / "examples/node")
    parser.add_argument("--python", default=sys.executable, help="the Python to run the Python apps, SDK installed")
    parser.add_argument("--python-apps", type=Path, default=_REPOSITORY / "examples/python")
    return Places(**vars(parser.parse_args()))
