"""A store whose records are with a server, which can be killed, and that keeps its promises."""

from __future__ import annotations

import time
from typing import Any, Optional

from stores import SimpleStore

METHODS = (
    "get_link",
    "find_links",
    "list_links",
    "filter_links",
    "put_link",
    "remove_link",
    "get_attempt",
    "put_attempt",
    "remove_attempts",
)


class Server:
    """A server with the records of a store; it can be killed, which loses what it has not written to its disk."""

    def __init__(self) -> None:
        self.rows = SimpleStore()
        self.replica = SimpleStore()
        self.disk = SimpleStore()
        self.is_down = False
        self.incarnation = 0

    def reach(self) -> None:
        time.sleep(0.0002)  # so that another thread comes in between
        if self.is_down:
            raise ConnectionRefusedError

    def save(self) -> None:
        self.disk = copied(self.rows)

    def kill(self) -> None:
        self.is_down = True
        self.incarnation += 1

    def start(self) -> None:
        self.rows = copied(self.disk)
        self.is_down = False


def copied(store: SimpleStore) -> SimpleStore:
    copy_of = SimpleStore()
    copy_of.links, copy_of.attempts = dict(store.links), dict(store.attempts)
    return copy_of


class Client:
    """A store on a server that keeps every promise; each of those that derive from it breaks one."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def ask(self, method: str, told: Any) -> Any:
        """Give what the server answers, which is durable then."""
        self.server.reach()
        answer = getattr(self.server.rows, method)(told)
        if method.startswith(("put", "remove")):
            self.server.save()
        return answer

    def get_link(self, told: Any) -> Any:
        return self.ask("get_link", told)

    def find_links(self, told: Any) -> Any:
        return self.ask("find_links", told)

    def list_links(self, told: Any) -> Any:
        return self.ask("list_links", told)

    def filter_links(self, told: Any) -> Any:
        return self.ask("filter_links", told)

    def put_link(self, told: Any) -> Any:
        return self.ask("put_link", told)

    def remove_link(self, told: Any) -> Any:
        return self.ask("remove_link", told)

    def get_attempt(self, told: Any) -> Any:
        return self.ask("get_attempt", told)

    def put_attempt(self, told: Any) -> Any:
        return self.ask("put_attempt", told)

    def remove_attempts(self, told: Any) -> Any:
        return self.ask("remove_attempts", told)

    def version(self, link: Any) -> Optional[int]:
        stored = self.get_link({"platform": link["platform"], "app_user_id": link["app_user_id"]})
        return None if stored is None else int(stored["version"])
