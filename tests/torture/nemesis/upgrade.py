"""Stores as version 1 has left them, which the nemesis' own people share with what stands there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from postgres import Postgres

_LEFT = Path(__file__).parents[3] / "core" / "tests" / "data" / "store-v1"
_LINKS = (
    "SELECT app_user_id, public_id, status, linked_at, refreshed_at, lease, key_id, sealed, version FROM {}link "
    "WHERE platform = 'pkb:127.0.0.1:8301' ORDER BY app_user_id"
)
_LOOK = "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row, sep='|')"
SCHEMA = "digime_sdk"
"""That of the dump."""


def file_of_version_1(path: Path) -> None:
    """Make a file as version 1 has left it."""
    shutil.copy(_LEFT / "links.sqlite", path)


def schema_of_version_1(server: Postgres) -> None:
    """Make a schema as version 1 has left it."""
    command = [
        "psql",
        "--quiet",
        "--set",
        "ON_ERROR_STOP=1",
        "--file",
        str(_LEFT / "links.postgres.sql"),
        server.address,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def rows_of_file(path: Path) -> list[str]:
    """Give what of version 1 stands there, as another process sees it: in this one the SDK may have the file open."""
    command = [sys.executable, "-c", _LOOK, str(path), _LINKS.format("")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def rows_of_schema(server: Postgres) -> list[str]:
    """Give the same of the database."""
    command = ["psql", "--no-align", "--tuples-only", "--command", _LINKS.format(f"{SCHEMA}."), server.address]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
