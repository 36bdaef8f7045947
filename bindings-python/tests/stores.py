"""Stores of an application's own: one that answers at once, and one that answers later, as drivers of databases do."""

from __future__ import annotations

import asyncio
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from digime_sdk import (
        AttemptChange,
        AttemptQuery,
        AttemptRecord,
        AttemptRemoval,
        LinkChange,
        LinkFilterQuery,
        LinkPageQuery,
        LinkQuery,
        LinkRecord,
        LinkRemoval,
        PublicIdQuery,
    )

README = Path(__file__).parents[1] / "README.md"


class SimpleStore:
    """Keeps records in memory, for any number of threads."""

    def __init__(self) -> None:
        self.links: dict[tuple[str, str], LinkRecord] = {}
        self.attempts: dict[tuple[str, str], AttemptRecord] = {}
        self._lock = threading.Lock()

    def get_link(self, query: LinkQuery) -> Optional[LinkRecord]:
        return self.links.get((query["platform"], query["app_user_id"]))

    def find_links(self, query: PublicIdQuery) -> list[LinkRecord]:
        return [link for link in self._of(query["platform"]) if link["public_id"] == query["public_id"]]

    def list_links(self, query: LinkPageQuery) -> list[LinkRecord]:
        later = [link for link in self._of(query["platform"]) if link["app_user_id"] > query["after"]]
        return sorted(later, key=lambda link: link["app_user_id"])[: query["limit"]]

    def filter_links(self, query: LinkFilterQuery) -> list[LinkRecord]:
        status, before = query["filter"]["status"], query["filter"]["refreshed_before"]
        page: LinkPageQuery = {"platform": query["platform"], "after": query["after"], "limit": len(self.links)}
        wanted = [link for link in self.list_links(page) if status in (None, link["status"])]
        return [link for link in wanted if before is None or link["refreshed_at"] < before][: query["limit"]]

    def put_link(self, change: LinkChange) -> bool:
        link = change["link"]
        key = (link["platform"], link["app_user_id"])
        with self._lock:
            stored = self.links.get(key)
            others = [it for it in self._of(link["platform"]) if it["app_user_id"] != key[1]]
            alone = [
                it for it in (others if not link.get("shares_public_id") else []) if not it.get("shares_public_id")
            ]
            taken = any(it["public_id"] == link["public_id"] for it in alone)
            if taken or (stored and stored["version"]) != change["expected_version"]:
                return False
            self.links[key] = link
        return True

    def remove_link(self, removal: LinkRemoval) -> bool:
        key = (removal["platform"], removal["app_user_id"])
        with self._lock:
            stored = self.links.get(key)
            if stored is None or stored["version"] != removal["expected_version"]:
                return False
            del self.links[key]
        return True

    def get_attempt(self, query: AttemptQuery) -> Optional[AttemptRecord]:
        return self.attempts.get((query["platform"], query["id"]))

    def put_attempt(self, change: AttemptChange) -> bool:
        attempt = change["attempt"]
        key = (attempt["platform"], attempt["id"])
        with self._lock:
            stored = self.attempts.get(key)
            if (stored and stored["version"]) != change["expected_version"]:
                return False
            self.attempts[key] = attempt
        return True

    def remove_attempts(self, removal: AttemptRemoval) -> int:
        with self._lock:
            over = [key for key, it in list(self.attempts.items()) if _is_over(it, removal)]
            for key in over:
                del self.attempts[key]
        return len(over)

    def _of(self, platform: str) -> list[LinkRecord]:
        return [link for link in list(self.links.values()) if link["platform"] == platform]


def _is_over(attempt: AttemptRecord, removal: AttemptRemoval) -> bool:
    if attempt["platform"] != removal["platform"]:
        return False
    return attempt["expires_at"] < removal["expired_before"] or attempt["app_user_id"] == removal["app_user_id"]


class LateStore:
    """Answers later, with columns of its own, large numbers being text."""

    def __init__(self) -> None:
        self.rows = SimpleStore()

    async def get_link(self, query: LinkQuery) -> Optional[dict[str, object]]:
        return await later(self.rows.get_link(query))

    async def find_links(self, query: PublicIdQuery) -> list[dict[str, object]]:
        return [row for link in self.rows.find_links(query) if (row := await later(link))]

    async def list_links(self, query: LinkPageQuery) -> list[dict[str, object]]:
        return [row for link in self.rows.list_links(query) if (row := await later(link))]

    async def filter_links(self, query: LinkFilterQuery) -> list[dict[str, object]]:
        return [row for link in self.rows.filter_links(query) if (row := await later(link))]

    async def put_link(self, change: LinkChange) -> bool:
        await asyncio.sleep(0)
        return self.rows.put_link(change)

    async def remove_link(self, removal: LinkRemoval) -> bool:
        await asyncio.sleep(0)
        return self.rows.remove_link(removal)

    async def get_attempt(self, query: AttemptQuery) -> Optional[dict[str, object]]:
        return await later(self.rows.get_attempt(query))

    async def put_attempt(self, change: AttemptChange) -> bool:
        await asyncio.sleep(0)
        return self.rows.put_attempt(change)

    async def remove_attempts(self, removal: AttemptRemoval) -> int:
        await asyncio.sleep(0)
        return self.rows.remove_attempts(removal)


async def later(record: Any) -> Optional[dict[str, object]]:
    await asyncio.sleep(0)
    if record is None:
        return None
    columns = {name: str(value) if type(value) is int else value for name, value in record.items()}
    return {**columns, "created_by": "a trigger"}


def store_of_the_readme(folder: Path) -> Any:
    """Make the store that the README has as a sample."""
    samples = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (sample,) = (sample for sample in samples if "class Links:" in sample)
    defined: dict[str, Any] = {}
    exec(sample, defined)
    closing = type("Links", (defined["Links"],), {"__del__": lambda store: store._rows.close()})
    return closing(folder / "links.db")
