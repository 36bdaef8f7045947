"""How many checks have passed and failed: each says what it promises as soon as it is done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Failed(Exception):
    """What a check has found."""


@dataclass
class Tally:
    """How many checks have passed and failed."""

    passed: int = 0
    failed: int = 0

    @contextmanager
    def check(self, promise: str) -> Iterator[None]:
        """Count what is promised, whatever becomes of it: the other checks are made, too."""
        began = time.monotonic()
        fault = None
        try:
            yield
        except Failed as found:
            fault = str(found).strip()
        except Exception as error:  # noqa: BLE001 - the others are to be looked at, whatever it is
            fault = f"{type(error).__name__}: {error}"
        print(f"{'✓' if fault is None else '✗'} {promise} ({time.monotonic() - began:.0f} s)", flush=True)
        if fault is None:
            self.passed += 1
        else:
            self.failed += 1
            print(f"  {fault}".replace("\n", "\n  "), flush=True)
