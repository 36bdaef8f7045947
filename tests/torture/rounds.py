"""Which rounds there are, and what each takes place on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

from postgres import Postgres

from .blackhole import blackhole
from .clock import clock
from .contention import contention, outside_reader
from .crash import crash
from .digime import DigiMe
from .outage import outage
from .outcome import Outcome
from .pause import pause
from .pkb import Pkb
from .platforms import Platform
from .sandbox import Sandbox
from .stage import Manner, Size, Stage
from .stores import PostgresSchema, Sqlite
from .worker_process import Kind

What = Literal[
    "contention", "second client", "fork", "outside reader", "crash", "outage", "blackhole", "pause", "clock"
]
Where = Literal["SQLite", "PostgreSQL", "PgBouncer"]

_SCENES: list[tuple[What, Where]] = [
    ("contention", "SQLite"),
    ("contention", "PostgreSQL"),
    ("contention", "PgBouncer"),
    ("second client", "SQLite"),
    ("fork", "SQLite"),
    ("outside reader", "SQLite"),
    ("crash", "SQLite"),
    ("crash", "PostgreSQL"),
    ("crash", "PgBouncer"),
    ("outage", "PostgreSQL"),
    ("blackhole", "PostgreSQL"),
    ("pause", "SQLite"),
    ("pause", "PostgreSQL"),
    ("clock", "PostgreSQL"),
]
_OF_ALL_PLATFORMS = frozenset[What]({"contention", "crash"})
"""The others take turns where there are to be few rounds."""

PLATFORMS: dict[str, type[Platform]] = {"pkb": Pkb, "digime": DigiMe}
_MIXED = tuple(Kind)


@dataclass(frozen=True)
class Setting:
    """What all rounds share."""

    sandbox: Sandbox
    server: Postgres
    pooler: str
    """The address of the PgBouncer before it."""
    folder: Path
    size: Size
    seed: str


@dataclass(frozen=True)
class Round:
    """What happens, to connections with which platform, on which store, to which kinds of process."""

    platform: type[Platform]
    what: What
    where: Where
    kinds: Sequence[Kind]

    @property
    def name(self) -> str:
        """What it is called where one round is asked for."""
        who = self.kinds[0].value if len(self.kinds) == 1 else "mixed"
        return f"{self.platform.name} {self.what} {self.where} {who}"

    async def take_place(self, setting: Setting) -> Outcome:
        """Run it."""
        name = self.name.lower().replace(" ", "_").replace(".", "")
        # Each round has chances of its own, so that it is the same when it runs alone.
        random = Random(f"{setting.seed} {self.name}")
        if self.where == "SQLite":
            return await self._in_a_file(setting, Sqlite(setting.folder / f"{name}.db"), random)
        address = setting.server.address if self.where == "PostgreSQL" else setting.pooler
        return await self._in_a_database(setting, PostgresSchema(address, name), random)

    async def _in_a_file(self, setting: Setting, store: Sqlite, random: Random) -> Outcome:
        stage = Stage(self.platform(setting.sandbox), store, self.kinds, setting.size)
        if self.what == "second client":
            return await contention(stage, Manner(clients=2))
        if self.what == "fork":
            return await contention(stage, Manner(clients=2, forked=True))
        if self.what == "outside reader":
            return await outside_reader(stage, store)
        return await self._anywhere(stage, random)

    async def _in_a_database(self, setting: Setting, store: PostgresSchema, random: Random) -> Outcome:
        stage = Stage(self.platform(setting.sandbox), store, self.kinds, setting.size)
        if self.what == "outage":
            return await outage(stage, setting.server, random)
        if self.what == "blackhole":
            return await blackhole(stage, store, setting.server.port, random)
        return await self._anywhere(stage, random)

    async def _anywhere(self, stage: Stage, random: Random) -> Outcome:
        if self.what == "crash":
            return await crash(stage, random)
        if self.what == "pause":
            return await pause(stage, random)
        if self.what == "clock":
            return await clock(stage, random)
        return await contention(stage)


def rounds(platforms: Sequence[type[Platform]], *, each: bool, few: bool) -> list[Round]:
    """Give the rounds: of all languages together, and of each alone if that is wanted.

    All are of each platform, but where there are to be few: most are of one of them then, in turns.
    """
    casts = [_MIXED, *((kind,) for kind in Kind)] if each else [_MIXED]
    scenes: list[tuple[type[Platform], What, Where]] = [
        (platform, what, where)
        for number, (what, where) in enumerate(_SCENES)
        for turn, platform in enumerate(platforms)
        if not few or what in _OF_ALL_PLATFORMS or turn == number % len(platforms)
    ]
    return [Round(platform, what, where, kinds) for kinds in casts for platform, what, where in scenes]
