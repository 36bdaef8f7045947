"""What the app remembers, in SQLite: sessions, how far each reading is, and the files that were read."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from digime_sdk import FileListStatus, FileMetadata, ReadingProgress

from .failures import Message

SESSION_DAYS = 30
"""For how many days a session is kept."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS session (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL UNIQUE,
        form_token TEXT NOT NULL,
        sources TEXT NOT NULL DEFAULT '[]',
        created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE IF NOT EXISTS reading (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL UNIQUE REFERENCES session ON DELETE CASCADE,
        session_key TEXT NOT NULL,
        touched_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
        ended INTEGER NOT NULL DEFAULT 0,
        status TEXT NOT NULL DEFAULT '{}',
        files_done INTEGER NOT NULL DEFAULT 0,
        files_known INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        failure TEXT
    );
    CREATE TABLE IF NOT EXISTS file (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        reading_id INTEGER NOT NULL REFERENCES reading ON DELETE CASCADE,
        name TEXT NOT NULL,
        metadata TEXT NOT NULL,
        last_modified TEXT,
        content BLOB,
        problem TEXT,
        UNIQUE (reading_id, name)
    );
"""


@dataclass(frozen=True)
class Session:
    """A person's browser: what its cookie holds, who they are to the SDK, what its forms hold, names of sources.

    The SDK's store and its errors are no place for what the cookie holds.
    """

    id: str
    user_id: str
    form_token: str
    sources: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Reading:
    """Which session of digi.me's is read, how far that is, how far the app is, and why it ended before its time."""

    id: int
    session_key: str
    ended: bool
    status: dict[str, Any]
    files_done: int
    files_known: int
    bytes: int
    failure: Message | None


@dataclass(frozen=True)
class NewFile:
    """A file that was read, or what is wrong with it."""

    name: str
    metadata: FileMetadata = field(default_factory=FileMetadata)
    last_modified: str | None = None
    content: bytes | None = None
    problem: str | None = None


@dataclass(frozen=True)
class ListedFile:
    """A file without its content; one with a problem has no size."""

    id: int
    name: str
    metadata: dict[str, Any]
    last_modified: str | None
    size: int | None
    problem: str | None


@dataclass(frozen=True)
class File:
    """A file that was read."""

    id: int
    name: str
    metadata: dict[str, Any]
    content: bytes


class Store:
    """The SQLite file, used on one thread of its own so that the event loop never waits for the disk."""

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._database = self._thread.submit(_open, path).result()

    async def create_session(self) -> Session:
        """Begin a session."""
        session = Session(secrets.token_urlsafe(32), str(uuid.uuid4()), secrets.token_urlsafe(32))
        sql = "INSERT INTO session (id, user_id, form_token) VALUES (?, ?, ?)"
        await self._execute(sql, session.id, session.user_id, session.form_token)
        return session

    async def find_session(self, session_id: str) -> Session | None:
        """Give the session of this id."""
        rows = await self._execute("SELECT user_id, form_token, sources FROM session WHERE id = ?", session_id)
        if not rows:
            return None
        row = rows[0]
        return Session(session_id, row["user_id"], row["form_token"], json.loads(row["sources"]))

    async def list_lapsed(self) -> list[tuple[str, str]]:
        """Give the sessions that no browser has a cookie of any more: the id of each, and whose it was."""
        sql = "SELECT id, user_id FROM session WHERE created_at < datetime('now', ?)"
        return [(row["id"], row["user_id"]) for row in await self._execute(sql, f"-{SESSION_DAYS} days")]

    async def forget_session(self, session_id: str) -> None:
        """Forget a session with all that belongs to it."""
        await self._execute("DELETE FROM session WHERE id = ?", session_id)

    async def save_sources(self, session_id: str, names: list[str]) -> None:
        """Remember which sources are connected."""
        await self._execute("UPDATE session SET sources = ? WHERE id = ?", json.dumps(names), session_id)

    async def begin_reading(self, session_id: str, session_key: str) -> int:
        """Begin a reading, and give its id; what was read before is forgotten."""
        await self._execute("DELETE FROM reading WHERE session_id = ?", session_id)
        await self._execute("INSERT INTO reading (session_id, session_key) VALUES (?, ?)", session_id, session_key)
        rows = await self._execute("SELECT id FROM reading WHERE session_id = ?", session_id)
        reading_id: int = rows[0]["id"]
        return reading_id

    async def find_reading(self, session_id: str) -> Reading | None:
        """Give the session's reading; none if the process that read has stopped: nobody goes on with that."""
        sql = "SELECT * FROM reading WHERE session_id = ? AND (ended OR touched_at > datetime('now', '-1 minute'))"
        rows = await self._execute(sql, session_id)
        if not rows:
            return None
        row = rows[0]
        return Reading(
            id=row["id"],
            session_key=row["session_key"],
            ended=bool(row["ended"]),
            status=json.loads(row["status"]),
            files_done=row["files_done"],
            files_known=row["files_known"],
            bytes=row["bytes"],
            failure=Message(**json.loads(row["failure"])) if row["failure"] else None,
        )

    async def touch_reading(self, reading_id: int) -> None:
        """Remember that it goes on, for all that is known here."""
        await self._execute("UPDATE reading SET touched_at = CURRENT_TIMESTAMP WHERE id = ?", reading_id)

    async def save_state(self, reading_id: int, state: str) -> None:
        """Remember how far digi.me is."""
        await self._execute("UPDATE reading SET status = ? WHERE id = ?", json.dumps({"state": state}), reading_id)

    async def save_progress(self, reading_id: int, progress: ReadingProgress) -> None:
        """Remember how far the reading is."""
        sql = "UPDATE reading SET files_done = ?, files_known = ?, bytes = ? WHERE id = ?"
        await self._execute(sql, progress["files_done"], progress["files_known"], progress["bytes"], reading_id)

    async def end_reading(
        self, reading_id: int, *, status: FileListStatus | None = None, failure: Message | None = None
    ) -> None:
        """Remember how it ended."""
        sql = "UPDATE reading SET ended = 1, status = ?, failure = ? WHERE id = ?"
        failed = json.dumps(asdict(failure)) if failure else None
        await self._execute(sql, json.dumps(status or {}), failed, reading_id)

    async def save_file(self, reading_id: int, file: NewFile) -> None:
        """Keep the file in place of the one of the same name, unless another reading has taken the place of its own."""
        sql = """
            INSERT OR REPLACE INTO file (name, metadata, last_modified, content, problem, reading_id)
            SELECT ?, ?, ?, ?, ?, id FROM reading WHERE id = ?
        """
        metadata = json.dumps(file.metadata)
        await self._execute(sql, file.name, metadata, file.last_modified, file.content, file.problem, reading_id)

    async def list_files(self, reading_id: int) -> list[ListedFile]:
        """Give what was read."""
        sql = """
            SELECT id, name, metadata, last_modified, length(content) AS size, problem
            FROM file WHERE reading_id = ? ORDER BY name
        """
        rows = await self._execute(sql, reading_id)
        return [ListedFile(**{**row, "metadata": json.loads(row["metadata"])}) for row in map(dict, rows)]

    async def find_file(self, session_id: str, file_id: int) -> File | None:
        """Give a file of this session that could be read."""
        sql = """
            SELECT file.id, name, metadata, content FROM file JOIN reading ON reading.id = reading_id
            WHERE session_id = ? AND file.id = ? AND content IS NOT NULL
        """
        rows = await self._execute(sql, session_id, file_id)
        return File(**{**rows[0], "metadata": json.loads(rows[0]["metadata"])}) if rows else None

    async def _execute(self, sql: str, *parameters: str | int | bytes | None) -> list[sqlite3.Row]:
        def execute() -> list[sqlite3.Row]:
            with self._database:
                return self._database.execute(sql, parameters).fetchall()

        return await asyncio.get_running_loop().run_in_executor(self._thread, execute)


def _open(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    database.executescript(_SCHEMA)
    database.execute("PRAGMA foreign_keys = ON")
    return database
