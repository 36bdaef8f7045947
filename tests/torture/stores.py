"""The stores that links are kept in: how a configuration names them, and whether a file is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from digime_sdk import PkbConfiguration
from postgres import Postgres


class Store(Protocol):
    """A store of one round."""

    def configure(self, configuration: PkbConfiguration) -> None:
        """Let a configuration name it."""


@dataclass
class Sqlite:
    """A file."""

    path: Path

    def configure(self, configuration: PkbConfiguration) -> None:
        """Name the file."""
        configuration["store"] = str(self.path)

    def flaw(self) -> str | None:
        """Say what SQLite finds wrong with the file, if anything."""
        with closing(sqlite3.connect(self.path)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        return None if said == ["ok"] else "; ".join(said)


@dataclass
class PostgresSchema:
    """A schema of the server."""

    server: Postgres
    schema: str

    def configure(self, configuration: PkbConfiguration) -> None:
        """Name server and schema."""
        configuration["store"] = self.server.address
        configuration["store_schema"] = self.schema
