"""What the app remembers, in SQLite: sessions, tokens, how far each reading is, and the files that were read."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from digime_sdk import FileListStatus, FileMetadata, ReadingProgress, UserAccessToken

from .failures import Message

SESSION_DAYS = 30
"""For how many days a session is kept."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS session (
        id TEXT PRIMARY KEY,
        form_token TEXT NOT NULL,
        attempt TEXT,
        user_access_token TEXT,
        sources TEXT NOT NULL DEFAULT '[]',
        created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE IF NOT EXISTS reading (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL UNIQUE REFERENCES session ON DELETE CASCADE,
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
class Attempt:
    """An authorisation that has begun and may come back, and the key of the session that can be read then."""

    state: str
    code_verifier: str
    session_key: str


@dataclass(frozen=True)
class Session:
    """A person's browser: what its cookie holds, what its forms hold, and the names of the connected sources."""

    id: str
    form_token: str
    sources: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Reading:
    """How far digi.me is, how far the app is, and why it ended before its time."""

    id: int
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
        session = Session(id=secrets.token_urlsafe(32), form_token=secrets.token_urlsafe(32))
        await self._execute("INSERT INTO session (id, form_token) VALUES (?, ?)", session.id, session.form_token)
        return session

    async def find_session(self, session_id: str) -> Session | None:
        """Give the session of this id."""
        rows = await self._execute("SELECT form_token, sources FROM session WHERE id = ?", session_id)
        return Session(session_id, rows[0]["form_token"], json.loads(rows[0]["sources"])) if rows else None

    async def begin_attempt(self, session_id: str, attempt: Attempt) -> None:
        """Remember the one authorisation that may come back to this browser; it replaces any other."""
        await self._execute("UPDATE session SET attempt = ? WHERE id = ?", json.dumps(asdict(attempt)), session_id)

    async def find_attempt(self, session_id: str) -> Attempt | None:
        """Give the authorisation that may come back to this browser."""
        rows = await self._execute("SELECT attempt FROM session WHERE id = ?", session_id)
        return Attempt(**json.loads(rows[0]["attempt"])) if rows and rows[0]["attempt"] else None

    async def end_attempt(self, session_id: str) -> None:
        """Let no authorisation come back to this browser."""
        await self._execute("UPDATE session SET attempt = NULL WHERE id = ?", session_id)

    async def save_token(self, session_id: str, token: UserAccessToken) -> None:
        """Keep the token in place of the one before."""
        await self._execute("UPDATE session SET user_access_token = ? WHERE id = ?", json.dumps(token), session_id)

    async def find_token(self, session_id: str) -> UserAccessToken | None:
        """Give the token of the session's consent."""
        rows = await self._execute("SELECT user_access_token FROM session WHERE id = ?", session_id)
        if not rows or not rows[0]["user_access_token"]:
            return None
        return cast("UserAccessToken", json.loads(rows[0]["user_access_token"]))

    async def save_sources(self, session_id: str, names: list[str]) -> None:
        """Remember which sources are connected."""
        await self._execute("UPDATE session SET sources = ? WHERE id = ?", json.dumps(names), session_id)

    async def forget_consent(self, session_id: str) -> None:
        """Forget a consent that has ended: the session's token is of no use any more."""
        await self._execute("UPDATE session SET user_access_token = NULL, sources = '[]' WHERE id = ?", session_id)

    async def begin_reading(self, session_id: str) -> int:
        """Begin a reading, and give its id; what was read before is forgotten."""
        await self._execute("DELETE FROM reading WHERE session_id = ?", session_id)
        await self._execute("INSERT INTO reading (session_id) VALUES (?)", session_id)
        rows = await self._execute("SELECT id FROM reading WHERE session_id = ?", session_id)
        reading_id: int = rows[0]["id"]
        return reading_id

    async def find_reading(self, session_id: str) -> Reading | None:
        """Give the session's reading."""
        rows = await self._execute("SELECT * FROM reading WHERE session_id = ?", session_id)
        if not rows:
            return None
        row = rows[0]
        return Reading(
            id=row["id"],
            ended=bool(row["ended"]),
            status=json.loads(row["status"]),
            files_done=row["files_done"],
            files_known=row["files_known"],
            bytes=row["bytes"],
            failure=Message(**json.loads(row["failure"])) if row["failure"] else None,
        )

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
        """Keep the file in place of the one of the same name."""
        sql = """
            INSERT OR REPLACE INTO file (reading_id, name, metadata, last_modified, content, problem)
            VALUES (?, ?, ?, ?, ?, ?)
        """
        metadata = json.dumps(file.metadata)
        await self._execute(sql, reading_id, file.name, metadata, file.last_modified, file.content, file.problem)

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
    with database:
        database.execute("DELETE FROM session WHERE created_at < datetime('now', ?)", (f"-{SESSION_DAYS} days",))
        # Nobody goes on with what was being read when the app stopped.
        database.execute("DELETE FROM reading WHERE NOT ended")
    return database
