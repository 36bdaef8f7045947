"""Access tokens of anybody who is linked, 16 at once: the SDK over a store, beside plain SELECTs of the same rows."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from columns import ASYNCIO, BLOCKING, NODE, RUST, SDK, Programs
from figures import Figures, Raw, of_rounds
from programs import measured
from scale import ROOM, postgres

LINKS = "links"

_HERE = Path(__file__).resolve().parent
_PEOPLE, _QUICK_PEOPLE = 1000, 16
_QUICK_SIZE = 32


@dataclass(frozen=True)
class Asked:
    """A way to ask, over PostgreSQL or SQLite."""

    name: str
    title: str
    work: str
    """What the programs call it."""
    size: int
    columns: tuple[str, ...] = SDK
    postgres: bool = True


_DRIVERS = SDK[1:]

ROWS = (
    Asked("links", "getAccessToken, PostgreSQL", "links", 10_000),
    Asked("select", "SELECT of the same row", "select", 10_000, _DRIVERS),
    Asked("lock", "SELECT … FOR UPDATE, in a transaction", "lock", 10_000, _DRIVERS),
    Asked("linksCached", "getAccessToken, cacheTokensFor", "links-cached", 50_000),
    Asked("linksSqlite", "getAccessToken, SQLite", "links", 10_000, postgres=False),
)


def asked(
    programs: Programs, rounds: int, tell: Callable[[str], None], *, quick: bool
) -> dict[tuple[str, str], Figures]:
    """Fill both stores, and give the figures by row and column."""
    people = _QUICK_PEOPLE if quick else _PEOPLE
    raws: dict[tuple[str, str], list[Raw]] = {}
    with _filled(programs.bench, people) as (in_postgres, in_sqlite):
        for turn in range(rounds):
            for row in ROWS:
                for column in row.columns:
                    tell(f"{turn + 1}/{rounds} {row.name} {column}")
                    kept = in_postgres if row.postgres else in_sqlite
                    command = _command(programs, column, row.work, _QUICK_SIZE if quick else row.size)
                    raws.setdefault((row.name, column), []).append(measured(command, kept))
    tell("")
    return {cell: of_rounds(of_cell) for cell, of_cell in raws.items()}


def _command(programs: Programs, column: str, work: str, size: int) -> Sequence[str]:
    return {
        RUST: (str(programs.bench), "links"),
        NODE: (programs.node, str(_HERE / "node/links.mjs")),
        ASYNCIO: (programs.python, str(_HERE / "python/links_asyncio.py")),
        BLOCKING: (programs.python, str(_HERE / "python/links_blocking.py")),
    }[column] + (work, str(size))


@contextmanager
def _filled(bench: Path, people: int) -> Iterator[tuple[str, str]]:
    """Give the lines by which clients open the stores."""
    ROOM.mkdir(exist_ok=True)
    with postgres() as server, tempfile.TemporaryDirectory(prefix="bench-", dir=ROOM) as folder:
        in_postgres, in_sqlite = (
            subprocess.run(
                [str(bench), "fill", "--store", place, "--links", str(people)],
                check=True,
                text=True,
                stdout=subprocess.PIPE,
            ).stdout
            for place in (server.address, folder)
        )
        yield in_postgres, in_sqlite
