"""The stores that connections are kept in: how a configuration names them, and whether a file is whole."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .worker_process import Configuration


class Store(Protocol):
    """A store of one round."""

    def configure(self, configuration: Configuration) -> None:
        """Let a configuration name it."""


@dataclass
class Sqlite:
    """A file."""

    path: Path

    def configure(self, configuration: Configuration) -> None:
        """Name the file."""
        configuration["store"] = str(self.path)

    def flaw(self) -> str | None:
        """Say what SQLite finds wrong with the file, if anything, as it is seen from another process."""
        looked = subprocess.run([*_LOOK, self.path], capture_output=True, text=True, check=True)
        said = looked.stdout.splitlines()
        return None if said == ["ok"] else "; ".join(said)

    @asynccontextmanager
    async def looked_at(self) -> AsyncGenerator[list[str]]:
        """Let other processes open the file, look at it, and close it, again and again; give what they find wrong."""
        flaws: list[str] = []

        async def look() -> None:
            while True:
                if (flaw := await asyncio.to_thread(self.flaw)) is not None:
                    flaws.append(flaw)

        looking = asyncio.create_task(look())
        try:
            yield flaws
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking


_LOOK = (
    sys.executable,
    "-c",
    "import sqlite3, sys\nfor said in sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check'): print(*said)",
)


@dataclass
class PostgresSchema:
    """A schema of the server."""

    address: str
    schema: str

    def configure(self, configuration: Configuration) -> None:
        """Name server and schema."""
        configuration["store"] = self.address
        configuration["store_schema"] = self.schema
