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


@dataclass(frozen=True)
class Places:
    """The sandbox's binary, the folders of the apps, and what runs them."""

    sandbox: Path
    node: str
    node_app: Path
    python: str
    python_app: Path


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
    parser.add_argument("--node", default="node", help="the Node.js to run the JavaScript app")
    parser.add_argument("--node-app", type=Path, default=_REPOSITORY / "examples/node/push-data")
    parser.add_argument("--python", default=sys.executable, help="the Python to run the Python app, SDK installed")
    parser.add_argument("--python-app", type=Path, default=_REPOSITORY / "examples/python/push-data")
    return Places(**vars(parser.parse_args()))
