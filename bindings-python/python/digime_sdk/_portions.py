"""How any number of things is handed over, of which few are in memory at once: the core asks for one portion at a time.

Nothing that is taken is the local of a frame: it may be secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _native
from ._opaque import Opaque
from ._sources import unfit


class Portions:
    """The function that gives the next portion of what an option of a call gives to iterate over."""

    def __init__(self, option: str, items: Opaque[Any]) -> None:
        self._option = option
        self._items = items
        self._taken = 0
        self._over = False

    def _checked(self, portion: Opaque[list[Any]]) -> list[Any]:
        """Give a portion, or raise what is wrong with an item of it, as it would be said of a list's."""
        # The core sees none in place of what is not understood.
        for item in map(Opaque, portion.open()):
            if (reason := _native.unfit(item.open())) is not None:
                path, _, reason = reason.removeprefix("answer").partition(": ")
                raise unfit(f"{self._option}[{self._taken}]{path}", reason)
            self._taken += 1
        return portion.open()


def is_handed_over_whole(given: object) -> bool:
    """Whether this is a list, or nothing that is to be iterated over: the core says what it thinks of it."""
    return isinstance(given, (list, tuple, str, bytes, bytearray, memoryview, Mapping))
