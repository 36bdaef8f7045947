"""A platform, as a round takes it: what is asked of it, what it counts, and who is connected to it."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from digime_sdk import Connection, Link, LinkStatus, UnreadableLink

from .sandbox import Sandbox
from .worker_process import Configuration, Party


@dataclass(frozen=True)
class Tally:
    """What a platform has counted of refresh tokens: spent for new tokens, and presented once more."""

    refreshes: int
    reuses: int

    def since(self, before: Tally) -> Tally:
        """Give what was counted since then."""
        return Tally(self.refreshes - before.refreshes, self.reuses - before.reuses)


@dataclass(frozen=True)
class Standing:
    """How a connection stands in the store."""

    status: LinkStatus
    refreshed_at: int


@dataclass(frozen=True)
class Presented:
    """What is presented to a token endpoint."""

    token: str
    """The digest of the refresh token, or of the code."""
    is_code: bool


@dataclass(frozen=True)
class Issued:
    """The digests of tokens that came."""

    access_token: str
    refresh_token: str


class Connected(ABC):
    """A person, and the SDK as an application uses it beside the workers."""

    def __init__(self, party: Party) -> None:
        self.party = party
        """That of them alone."""
        self.app_user_id = party.app_user_ids[0]

    @abstractmethod
    async def connect(self) -> str:
        """Connect them, whatever connection there was, and give what the platform answers when it is asked for them."""

    async def stored(self) -> Standing:
        """Say how the connection stands in the store."""
        found = await self._found()
        if found is None:
            message = "the store has lost the record of the connection"
            raise LookupError(message)
        return Standing(found["status"], found["refreshed_at"])

    @abstractmethod
    async def _found(self) -> Link | Connection | None: ...

    @abstractmethod
    async def rotate_keys(self) -> list[UnreadableLink]:
        """Seal all connections of the application anew, and give what could not be read."""


class Platform(ABC):
    """A platform that a sandbox stands in for."""

    name: ClassVar[str]
    over: ClassVar[str]
    """The code of the error with which a call fails whose connection is over."""
    _controls: ClassVar[str]
    """What the paths of its controls begin with."""
    _token_path: ClassVar[str]
    """That of the token endpoint."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @abstractmethod
    def configuration(self) -> Configuration:
        """Say how an application is configured, but for where connections are kept."""

    @abstractmethod
    def party(self, configuration: Configuration, app_user_ids: Sequence[str]) -> Party:
        """Give users of an application that is configured so."""

    @abstractmethod
    def person(self, party: Party, number: int = 0) -> Connected:
        """Give the first of a party, who is that one of those whom the platform knows."""

    @abstractmethod
    def reached_at(self, party: Party, address: str) -> Party:
        """Give the same party for an application that reaches the token endpoint by a relay at this address."""

    def presented(self, path: str, headers: Mapping[str, str], body: bytes) -> Presented | None:
        """Read what a request presents, if it is one for tokens; the names of its headers are in small letters."""
        return self._presented(headers, body) if path == self._token_path else None

    @abstractmethod
    def _presented(self, headers: Mapping[str, str], body: bytes) -> Presented: ...

    @abstractmethod
    def issued(self, answer: bytes) -> Issued:
        """Read what came for it."""

    async def tally(self) -> Tally:
        """Ask what was counted."""
        counted = await self.sandbox.control("GET", f"{self._controls}tally")
        return Tally(counted["refreshes"], counted["reuses"])

    async def expire_access_tokens(self) -> None:
        """Let every access token that was issued count as expired."""
        await self.sandbox.control("POST", f"{self._controls}expire-access-tokens")

    async def delay_next_refresh(self, fault: str, milliseconds: int) -> None:
        """Let the next refresh come late (`delayMs`), or be done at once and its answer come late (`delayAnswerMs`)."""
        told = {"route": f"POST {self._token_path}", "fault": {fault: milliseconds}}
        await self.sandbox.control("POST", "faults", told)

    async def forget_delays(self) -> None:
        """Let no more refreshes be late than already are."""
        await self.sandbox.control("DELETE", "faults")


def digest(token: str) -> str:
    """Give by what a token is known where it must not stand itself."""
    return hashlib.sha256(token.encode()).hexdigest()
