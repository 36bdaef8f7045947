"""The platform: starting it, letting its tokens expire and its answers come late, and what it has counted."""

from __future__ import annotations

import asyncio
import json
import subprocess
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from patient import Patient

_REFRESHING = "POST /apiToken.action"


@dataclass(frozen=True)
class Tally:
    """What the platform has counted of refresh tokens: spent for new tokens, and presented once more."""

    refreshes: int
    reuses: int

    def since(self, before: Tally) -> Tally:
        """Give what was counted since then."""
        return Tally(self.refreshes - before.refreshes, self.reuses - before.reuses)


@dataclass(frozen=True)
class Person:
    """Somebody whom the platform knows."""

    first_name: str
    patient: Patient

    @classmethod
    def announced(cls, told: dict[str, str]) -> Person:
        """Read one; the first names of all are in their logins."""
        return cls(told["login"].split(".")[0].title(), Patient(told["login"], told["password"]))


class Sandbox:
    """A running sandbox."""

    def __init__(self, announced: str) -> None:
        pkb = json.loads(announced)["pkb"]
        self.base_url: str = pkb["baseUrl"]
        self.client_id: str = pkb["clientId"]
        self.redirect_uri: str = pkb["redirectUris"][0]
        self.people = [Person.announced(person) for person in pkb["people"]]
        self.patient = self.people[0].patient

    async def tally(self) -> Tally:
        """Ask what was counted."""
        counted = await self._control("GET", "pkb/tally")
        return Tally(counted["refreshes"], counted["reuses"])

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.base_url).port or 80

    async def set_modes(self, modes: dict[str, object]) -> None:
        """Settle what the platform leaves open."""
        await self._control("PUT", "pkb/modes", modes)

    async def expire_access_tokens(self) -> None:
        """Let every access token that was issued count as expired."""
        await self._control("POST", "pkb/expire-access-tokens")

    async def delay_next_refresh(self, fault: str, milliseconds: int) -> None:
        """Let the next refresh come late (`delayMs`), or be done at once and its answer come late (`delayAnswerMs`)."""
        await self._control("POST", "faults", {"route": _REFRESHING, "fault": {fault: milliseconds}})

    async def forget_delays(self) -> None:
        """Let no more refreshes be late than already are."""
        await self._control("DELETE", "faults")

    async def _control(self, method: str, path: str, told: object = None) -> Any:  # noqa: ANN401 - each control answers its own
        return await asyncio.to_thread(self._ask, method, path, told)

    def _ask(self, method: str, path: str, told: object) -> Any:  # noqa: ANN401
        body = None if told is None else json.dumps(told).encode()
        address = f"{self.base_url.rstrip('/')}/_sandbox/{path}"
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - it is the sandbox's
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None


@contextmanager
def sandbox(program: str) -> Generator[Sandbox]:
    """Run a sandbox until the end of the block."""
    with subprocess.Popen([program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Sandbox(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()
