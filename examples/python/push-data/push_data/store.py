"""What the app remembers, in SQLite: sessions, connected accounts, what was pushed and what came back."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from digime_sdk import FileMetadata

Destination = Literal["library", "provider"]

SESSION_DAYS = 30
"""For how many days a session is kept."""

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS session (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL UNIQUE,
        form_token TEXT NOT NULL,
        created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE IF NOT EXISTS account (
        session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
        destination TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (session_id, destination)
    );
    CREATE TABLE IF NOT EXISTS push (
        session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
        pushed_at TEXT NOT NULL,
        destination TEXT NOT NULL,
        account_name TEXT NOT NULL,
        name TEXT NOT NULL,
        mime_type TEXT NOT NULL,
        size INTEGER,
        sha256 TEXT,
        document TEXT
    );
    CREATE TABLE IF NOT EXISTS read_back (
        session_id TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
        sha256 TEXT NOT NULL,
        metadata TEXT NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (session_id, sha256)
    );
"""


@dataclass(frozen=True)
class Account:
    """A connected account."""

    id: str
    name: str


@dataclass(frozen=True)
class Session:
    """A person's browser: what its cookie holds, who they are to the SDK, what its forms hold, connected accounts.

    The SDK's store and its errors are no place for what the cookie holds.
    """

    id: str
    user_id: str
    form_token: str
    accounts: dict[Destination, Account] = field(default_factory=dict[Destination, Account])


@dataclass(frozen=True)
class Push:
    """Something that was pushed: a file has a size and a SHA-256, FHIR is kept as the JSON document that it is."""

    destination: Destination
    account_name: str
    name: str
    mime_type: str
    size: int | None = None
    sha256: str | None = None
    document: str | None = None


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
        rows = await self._execute("SELECT user_id, form_token FROM session WHERE id = ?", session_id)
        if not rows:
            return None
        accounts = await self._execute("SELECT destination, id, name FROM account WHERE session_id = ?", session_id)
        return Session(
            id=session_id,
            user_id=rows[0]["user_id"],
            form_token=rows[0]["form_token"],
            accounts={row["destination"]: Account(row["id"], row["name"]) for row in accounts},
        )

    async def list_lapsed(self) -> list[tuple[str, str]]:
        """Give the sessions that no browser has a cookie of any more: the id of each, and whose it was."""
        sql = "SELECT id, user_id FROM session WHERE created_at < datetime('now', ?)"
        return [(row["id"], row["user_id"]) for row in await self._execute(sql, f"-{SESSION_DAYS} days")]

    async def forget_session(self, session_id: str) -> None:
        """Forget a session with all that belongs to it."""
        await self._execute("DELETE FROM session WHERE id = ?", session_id)

    async def forget_accounts(self, session_id: str) -> None:
        """Forget which accounts are pushed to."""
        await self._execute("DELETE FROM account WHERE session_id = ?", session_id)

    async def save_account(self, session_id: str, destination: Destination, account: Account) -> None:
        """Remember which account is pushed to."""
        sql = "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?)"
        await self._execute(sql, session_id, destination, account.id, account.name)

    async def add_push(self, session_id: str, push: Push) -> None:
        """Remember what was pushed just now."""
        sql = "INSERT INTO push VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        pushed_at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        await self._execute(sql, session_id, pushed_at, *asdict(push).values())

    async def list_pushes(self, session_id: str) -> list[sqlite3.Row]:
        """Give what was pushed, the latest first: the members of `Push`, and `pushed_at`."""
        return await self._execute("SELECT * FROM push WHERE session_id = ? ORDER BY rowid DESC", session_id)

    async def forget_read_back(self, session_id: str) -> None:
        """Forget what came back before."""
        await self._execute("DELETE FROM read_back WHERE session_id = ?", session_id)

    async def save_read_back(self, session_id: str, sha256: str, metadata: FileMetadata, content: bytes) -> None:
        """Remember what came back."""
        sql = "INSERT OR REPLACE INTO read_back VALUES (?, ?, ?, ?)"
        await self._execute(sql, session_id, sha256, json.dumps(metadata), content)

    async def list_read_back(self, session_id: str) -> list[dict[str, Any]]:
        """Give what was pushed to the library, the latest first, with what the library says of it if it came back."""
        sql = """
            SELECT name, size, sha256, metadata FROM push LEFT JOIN read_back USING (session_id, sha256)
            WHERE session_id = ? AND destination = 'library' ORDER BY push.rowid DESC
        """
        rows = await self._execute(sql, session_id)
        return [{**row, "metadata": row["metadata"] and json.loads(row["metadata"])} for row in map(dict, rows)]

    async def find_read_back(self, session_id: str, sha256: str) -> bytes | None:
        """Give the content that came back."""
        sql = "SELECT content FROM read_back WHERE session_id = ? AND sha256 = ?"
        rows = await self._execute(sql, session_id, sha256)
        return rows[0]["content"] if rows else None

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
