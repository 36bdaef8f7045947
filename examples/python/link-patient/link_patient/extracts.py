"""Where what was extracted is kept: here how much there was, in a real application the data themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict


class Part(TypedDict):
    """How many of what there were, and in which API of PKB's."""

    surface: str
    name: str
    count: int


class Extract(TypedDict):
    """What there was of a record when it was extracted, and for which change."""

    last_change: str | None
    extracted_at: str
    parts: list[Part]


class Extracts:
    """A folder with a file for each record; public ids are UUIDs, as the SDK has made sure."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, public_id: str) -> Extract | None:
        """Give the last of a record."""
        try:
            extract: Extract = json.loads(self._path(public_id).read_text())
        except FileNotFoundError:
            return None
        return extract

    def keep(self, public_id: str, extract: Extract) -> None:
        """Let it take the place of the one before, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(public_id)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(extract))
        new.replace(path)

    def forget(self, public_id: str) -> None:
        """Forget the last of a record."""
        self._path(public_id).unlink(missing_ok=True)

    def _path(self, public_id: str) -> Path:
        return self._folder / f"{public_id}.json"
