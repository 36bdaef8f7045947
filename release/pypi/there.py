"""Refuses to go on where PyPI has another file under a name that is to be published: `python -m pypi.there FOLDER` in release/.

What it has already is left out when the rest is uploaded, so that a release that broke off is finished; whether it is the same, only this looks.
"""

from __future__ import annotations

import hashlib
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from .contents import version
from .products import PRODUCTS

_INDEX = "https://pypi.org/pypi"


def others(folder: Path, index: str = _INDEX) -> list[str]:
    """The files that the index has with another content, or that are there and were not made now."""
    told = []
    for product in PRODUCTS:
        for name, digest in _published(f"{index}/{product.name}/{version()}/json").items():
            made = folder / name
            if not made.exists():
                told.append(f"{name} is on PyPI, and not among what is to be published")
            elif hashlib.sha256(made.read_bytes()).hexdigest() != digest:
                told.append(f"{name} is on PyPI with another content: release another version")
    return told


def _published(address: str) -> dict[str, str]:
    """The digests of what there is, by the names of the files."""
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return {each["filename"]: each["digests"]["sha256"] for each in json.load(answer)["urls"]}
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return {}
        raise


def main() -> int:
    """Say what is not as it should be."""
    (folder,) = sys.argv[1:]
    told = others(Path(folder))
    for line in told:
        print(f"- {line}", file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
