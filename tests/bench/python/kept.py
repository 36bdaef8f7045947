"""What every client in Python is told of the store that was filled, and how the SDK and plain SQL ask it."""

from __future__ import annotations

import random
from typing import Any

from task import PLATFORM as KEPT

AT_ONCE = 16
EVERYBODY: list[str] = KEPT["appUserIds"]
STORE: str = KEPT["store"]
CACHED = {"links": 0, "links-cached": 60_000}
"""For how long the SDK uses what it has read, by the name of the work."""

_TABLE = f"{KEPT['storeSchema']}.link"
PLATFORM = f"SELECT platform FROM {_TABLE} LIMIT 1"  # noqa: S608 - the bench's own schema
SELECT = f"SELECT * FROM {_TABLE} WHERE platform = %s AND app_user_id = %s"  # noqa: S608
LOCK = f"{SELECT} FOR UPDATE"

POOL: dict[str, Any] = {"conninfo": STORE, "min_size": 10, "kwargs": {"autocommit": True}}
"""As many connections as the pool of `pg` has; each statement by itself, as there."""


def configuration(work: str) -> dict[str, Any]:
    """Give what the SDK is told for this work."""
    schema = {"store_schema": KEPT["storeSchema"]} if KEPT["storeSchema"] else {}
    return {
        "client_id": "bench-client",
        "redirect_uri": "http://localhost/return",
        "environment": "sandbox",
        "store": STORE,
        **schema,
        "encryption_key": KEPT["encryptionKey"],
        "cache_tokens_for": CACHED[work],
    }


def anybody() -> str:
    """Pick somebody."""
    return random.choice(EVERYBODY)  # noqa: S311 - it is no secret


def one(rows: list[Any]) -> None:
    """Fail if that is not one row."""
    if len(rows) != 1:
        msg = f"expected a row, got {len(rows)}"
        raise ValueError(msg)
