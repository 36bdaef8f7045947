"""Connections at scale: stores of so many, which `digime-bench connections` fills and works with."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from columns import POSTGRES, SQLITE, of_size
from figures import MEBIBYTE, Figures, of_rounds
from programs import measured, serving

sys.path.append(str(Path(__file__).resolve().parents[1]))
from postgres import Postgres, programs, running

CONNECTIONS, DISK = "connections", "disk"
QUICK_SIZE = 30

CALLS = {
    "importAll": "importConnections (each: a connection)",
    "importEach": "importConnection",
    "get": "getConnection",
    "get16": "getConnection, 16 at once",
    "list": "listConnections (each: a connection)",
    "count": "countConnections",
    "keepAlive": "keepAlive (each: a refresh)",
    "rotateAll": "rotateKeys (each: a connection)",
    "rotateEach": "the same, one by one",
    "importLinks": "importLinks (each: a link)",
    "token": "getAccessToken",
    "token16": "getAccessToken, 16 at once",
    "find": "findLinks",
    "attempt": "getLinkUrl (each: an attempt written)",
    "cleanUp": "attempts removed (each: an attempt)",
}
"""What is done, as `digime-bench connections` names it."""

_PATIENCE_SECONDS = 7200
ROOM = Path(__file__).resolve().parents[2] / "build"
_SETTINGS = (
    "fsync=on",
    # A server in use has counted its rows. By itself it does so once a minute.
    "autovacuum_naptime=1s",
)
_SIZE = "SELECT SUM(pg_total_relation_size(oid)) FROM pg_class WHERE relname = 'link'"
_LOGGED = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint"


def scaled(bench: Path, sizes: Iterable[int], tell: Callable[[str], None]) -> dict[tuple[str, str], Figures]:
    """Fill stores with so many connections each, one after another, and give the figures by call and column."""
    cells: dict[tuple[str, str], Figures] = {}
    ROOM.mkdir(exist_ok=True)
    with serving([str(bench), "serve", "--files", "1", "--large-mebibytes", "1"]) as announced:
        for connections in sizes:
            command = [str(bench), "connections", "--connections", str(connections)]
            if connections <= QUICK_SIZE:
                command += ["--calls", "5", "--sample", "3"]
            for store, fill in ((SQLITE, _sqlite), (POSTGRES, _postgres)):
                column = of_size(store, connections)
                tell(column)
                cells |= {(name, column): figures for name, figures in fill(command, announced, connections).items()}
    tell("")
    return cells


def postgres() -> AbstractContextManager[Postgres]:
    """Run a server as the bench wants it."""
    return running(*_SETTINGS)


def _sqlite(command: list[str], announced: str, connections: int) -> dict[str, Figures]:
    # Not in memory, where a folder for temporary files may be.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOM) as folder:
        figures = _measured([*command, "--store", folder], announced)
        sizes = {file.name: file.stat().st_size for file in Path(folder).iterdir()}
    logged = sum(size for name, size in sizes.items() if name.endswith("-wal"))
    return figures | {DISK: _disk(sum(sizes.values()), logged, connections)}


def _postgres(command: list[str], announced: str, connections: int) -> dict[str, Figures]:
    with postgres() as server:
        logged = -_number(server, _LOGGED)
        figures = _measured([*command, "--store", server.address], announced)
        logged += _number(server, _LOGGED)
        used = _number(server, _SIZE)
    return figures | {DISK: _disk(used, logged, connections)}


def _number(server: Postgres, statement: str) -> int:
    asked = [str(programs() / "psql"), "--tuples-only", "--no-align", "--command", statement, server.address]
    return int(subprocess.run(asked, capture_output=True, check=True, text=True).stdout)


def _measured(command: list[str], announced: str) -> dict[str, Figures]:
    printed = measured(command, announced, _PATIENCE_SECONDS)
    return {name: of_rounds([raw]) for part in printed.values() for name, raw in part.items()}


def _disk(used: int, logged: int, connections: int) -> Figures:
    # There are as many links beside them.
    return {"diskMiB": used / MEBIBYTE, "bytes": used / (2 * connections), "logMiB": logged / MEBIBYTE}
