"""Waiting for sessions that end within seconds: how long files lie ready, and how often lists are asked for."""

from __future__ import annotations

import os
import time

from measured import Figures
from task import SIZE, WORK, check

_STEP_MS = 250
"""How much longer each session lasts than the one before."""
_FILES = 3
"""How many files each has."""

WAITING = {"waiting", "waiting-fixed"}
"""What the command line calls it."""

INTERVAL = 3000 if WORK == "waiting-fixed" else None
"""The interval that is compared with, that of the JavaScript SDK; or the pace of this SDK."""

SESSIONS = [f"ripening-{os.getpid()}-{_STEP_MS * number}" for number in range(1, SIZE + 1)]
"""Those that are waited for at once."""


class Waited:
    """What came of it."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._lists: dict[str, int] = {}

    def note(self, session: str, file_name: str) -> None:
        """Note that a file came, whose name says when it was ready and how often its list was asked for by then."""
        ready, lists = map(int, file_name.split("-")[1:])
        self._late.append(1000 * time.time() - ready)
        self._lists[session] = max(lists, self._lists.get(session, 0))

    def figures(self) -> Figures:
        """Give the mean of how late files were, and how often lists were asked for."""
        check("files", SIZE * _FILES, len(self._late))
        return {"lateMs": sum(self._late) / len(self._late), "lists": sum(self._lists.values())}
