"""A store of links over Redis, for asyncio."""

from typing import Any

from digime_sdk import (
    AttemptChange,
    AttemptQuery,
    AttemptRemoval,
    LinkChange,
    LinkPageQuery,
    LinkQuery,
    LinkRemoval,
    PublicIdQuery,
)
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from . import commands
from .commands import Script


class AsyncRedisStore:
    """Keeps links, and attempts to link, for one event loop.

    The server has to write what it answers for to its disk (`appendonly yes`, `appendfsync always`), and to forget
    nothing (`maxmemory-policy noeviction`).
    """

    def __init__(self, url: str) -> None:
        # A change that is sent a second time finds its own work, and takes it for another's.
        once = Retry(NoBackoff(), 0)
        self._client = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url, retry=once, socket_connect_timeout=5, socket_timeout=10
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def get_link(self, query: LinkQuery) -> dict[str, Any] | None:
        """Give the link of a user."""
        return commands.read(
            await self._client.hget(commands.key(query["platform"], "link-record"), query["app_user_id"])
        )

    async def find_links(self, query: PublicIdQuery) -> list[dict[str, Any]]:
        """Give the links with a public id."""
        return commands.read_all(await self._run(commands.find_links(query)))

    async def list_links(self, query: LinkPageQuery) -> list[dict[str, Any]]:
        """Give a page of links."""
        return commands.read_all(await self._run(commands.list_links(query)))

    async def put_link(self, change: LinkChange) -> bool:
        """Write a link, if that is how things are."""
        return await self._run(commands.put_link(change)) == 1

    async def remove_link(self, removal: LinkRemoval) -> bool:
        """Remove a link of a version."""
        return await self._run(commands.remove_link(removal)) == 1

    async def get_attempt(self, query: AttemptQuery) -> dict[str, Any] | None:
        """Give an attempt."""
        key = commands.key(query["platform"], "attempt-record")
        return commands.read(await self._client.hget(key, query["id"]))

    async def put_attempt(self, change: AttemptChange) -> bool:
        """Write an attempt, if that is how things are."""
        return await self._run(commands.put_attempt(change)) == 1

    async def remove_attempts(self, removal: AttemptRemoval) -> None:
        """Remove the attempts that have expired, and those of a user."""
        for script in commands.remove_attempts(removal):
            while await self._run(script):
                pass

    async def _run(self, script: Script) -> object:
        return await self._client.eval(script.text, len(script.keys), *script.keys, *script.values)
