"""A store of links over Redis, for `digime_sdk.blocking`."""

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
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import commands
from .commands import Script


class RedisStore:
    """Keeps links, and attempts to link, for any number of threads.

    The server has to write what it answers for to its disk (`appendonly yes`, `appendfsync always`), and to forget
    nothing (`maxmemory-policy noeviction`).
    """

    def __init__(self, url: str) -> None:
        # A change that is sent a second time finds its own work, and takes it for another's.
        once = Retry(NoBackoff(), 0)
        self._client = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url, retry=once, socket_connect_timeout=5, socket_timeout=10
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def get_link(self, query: LinkQuery) -> dict[str, Any] | None:
        """Give the link of a user."""
        key = commands.key(query["platform"], "link-record")
        return commands.read(self._client.hget(key, query["app_user_id"]))

    def find_links(self, query: PublicIdQuery) -> list[dict[str, Any]]:
        """Give the links with a public id."""
        return commands.read_all(self._run(commands.find_links(query)))

    def list_links(self, query: LinkPageQuery) -> list[dict[str, Any]]:
        """Give a page of links."""
        return commands.read_all(self._run(commands.list_links(query)))

    def put_link(self, change: LinkChange) -> bool:
        """Write a link, if that is how things are."""
        return self._run(commands.put_link(change)) == 1

    def remove_link(self, removal: LinkRemoval) -> bool:
        """Remove a link of a version."""
        return self._run(commands.remove_link(removal)) == 1

    def get_attempt(self, query: AttemptQuery) -> dict[str, Any] | None:
        """Give an attempt."""
        key = commands.key(query["platform"], "attempt-record")
        return commands.read(self._client.hget(key, query["id"]))

    def put_attempt(self, change: AttemptChange) -> bool:
        """Write an attempt, if that is how things are."""
        return self._run(commands.put_attempt(change)) == 1

    def remove_attempts(self, removal: AttemptRemoval) -> None:
        """Remove the attempts that have expired, and those of a user."""
        for script in commands.remove_attempts(removal):
            while self._run(script):
                pass

    def _run(self, script: Script) -> object:
        return self._client.eval(script.text, len(script.keys), *script.keys, *script.values)
