"""A page that only says something, and a failure that knows its own."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """A page that only says something; it may have a button to connect again."""

    status: int
    title: str
    text: str
    reconnect: bool = False
    details: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class PageError(Exception):
    """A failure whose page is known where it happens."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.message = Message(status, title, text)
