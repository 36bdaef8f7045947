"""What every client in Python is told: where the platform is, and which work is to be done how often."""

from __future__ import annotations

import json
import sys
from typing import Any

MEBIBYTE = 1024 * 1024

PLATFORM: dict[str, Any] = json.load(sys.stdin)
"""What the server announced."""

WORK = sys.argv[1]
SIZE = int(sys.argv[2])
"""How many calls, files, pages or mebibytes."""

PUSHED, DOCUMENT = bytes(16 * 1024), bytes(8 * MEBIBYTE)
"""What is pushed: something small, or a document."""


class Zeros:
    """A file that is as long as is said, for uploads."""

    def __init__(self, mebibytes: int) -> None:
        self._left = mebibytes * MEBIBYTE
        self._zeros = bytes(256 * 1024)

    def read(self, size: int, /) -> bytes:
        """Give the next bytes, none at the end."""
        chunk = self._zeros[: min(size, self._left)]
        self._left -= len(chunk)
        return chunk


def parameters(pages: int) -> dict[str, str]:
    """Give those of a search that finds so many pages."""
    return {"patient": "bench-patient", "category": "vital-signs", "code": f"pages-{pages}"}


def check(what: str, expected: int, got: int) -> None:
    """Fail if less came than was asked for: what was measured is then not what was meant."""
    if got != expected:
        msg = f"expected {expected} {what}, got {got}"
        raise ValueError(msg)
