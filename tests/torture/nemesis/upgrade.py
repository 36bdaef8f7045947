"""Stores as version 1 has left them, into which the nemesis' own people come: whether what stood there stands there still."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

from postgres import Postgres

_LEFT = Path(__file__).parents[3] / "core" / "tests" / "data" / "store-v1"
_LINKS = (
    "SELECT app_user_id, public_id, status, linked_at, refreshed_at, lease, key_id, sealed, version FROM {}link "
    "WHERE platform = 'pkb:127.0.0.1:8301' ORDER BY app_user_id"
)
SCHEMA = "digime_sdk"
"""That of the dump."""


def file_of_version_1(path: Path) -> None:
    """Make a file as version 1 has left it."""
    shutil.copy(_LEFT / "links.sqlite", path)


def schema_of_version_1(server: Postgres) -> None:
    """Make a schema as version 1 has left it."""
    command = ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(_LEFT / "links.postgres.sql"), server.address]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def rows_of_file(path: Path) -> list[str]:
    """Give what of version 1 stands there; from a process of its own the file is not opened, since none uses it then."""
    connection = sqlite3.connect(path)
    try:
        return ["|".join(map(str, row)) for row in connection.execute(_LINKS.format(""))]
    finally:
        connection.close()


def rows_of_schema(server: Postgres) -> list[str]:
    """Give the same of the database."""
    command = ["psql", "--no-align", "--tuples-only", "--command", _LINKS.format(f"{SCHEMA}."), server.address]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
