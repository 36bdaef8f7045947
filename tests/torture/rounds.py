"""Which rounds there are, and what each takes place on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from postgres import Postgres

from .clock import clock
from .contention import contention
from .crash import crash
from .outage import outage
from .outcome import Outcome
from .pause import pause
from .sandbox import Sandbox
from .stage import Size, Stage
from .stores import PostgresSchema, Sqlite
from .worker_process import Kind

What = Literal["contention", "crash", "outage", "pause", "clock"]
Where = Literal["SQLite", "PostgreSQL"]

_SCENES: list[tuple[What, Where]] = [
    ("contention", "SQLite"),
    ("contention", "PostgreSQL"),
    ("crash", "SQLite"),
    ("crash", "PostgreSQL"),
    ("outage", "PostgreSQL"),
    ("pause", "SQLite"),
    ("pause", "PostgreSQL"),
    ("clock", "PostgreSQL"),
]
_MIXED = tuple(Kind)


@dataclass(frozen=True)
class Setting:
    """What all rounds share."""

    sandbox: Sandbox
    server: Postgres
    folder: Path
    size: Size
    seed: str


@dataclass(frozen=True)
class Round:
    """What happens, on which store, to which kinds of process."""

    what: What
    where: Where
    kinds: Sequence[Kind]

    @property
    def name(self) -> str:
        """What it is called where one round is asked for."""
        who = self.kinds[0].value if len(self.kinds) == 1 else "mixed"
        return f"{self.what} {self.where} {who}"

    async def take_place(self, setting: Setting) -> Outcome:
        """Run it."""
        name = self.name.lower().replace(" ", "_")
        in_file = self.where == "SQLite"
        store = Sqlite(setting.folder / f"{name}.db") if in_file else PostgresSchema(setting.server, name)
        stage = Stage(setting.sandbox, store, self.kinds, setting.size)
        # Each round has chances of its own, so that it is the same when it runs alone.
        random = Random(f"{setting.seed} {self.name}")
        if self.what == "contention":
            return await contention(stage)
        if self.what == "crash":
            return await crash(stage, random)
        if self.what == "pause":
            return await pause(stage, random)
        if self.what == "clock":
            return await clock(stage, random)
        return await outage(stage, setting.server, random)


def rounds(*, each: bool) -> list[Round]:
    """Give the rounds: of all languages together, and of each alone if that is wanted."""
    casts = [_MIXED, *((kind,) for kind in Kind)] if each else [_MIXED]
    return [Round(what, where, kinds) for kinds in casts for what, where in _SCENES]
