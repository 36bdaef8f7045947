"""The sandbox: what it announces, and what it tells about the requests that it got."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from . import local
from .pkb import Pkb


@dataclass(frozen=True)
class Contract:
    """A contract of the announced application."""

    contract_id: str
    private_key: str


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, as its first line of output announces it."""

    origin: str
    base_url: str
    onboard_url: str
    cloud_base_url: str
    application_id: str
    push: Contract
    read: Contract
    pkb: Pkb

    @classmethod
    def announced(cls, line: str) -> Sandbox:
        """Read the announcement."""
        announcement = json.loads(line)
        push, read = (
            Contract(contract["contractId"], contract["privateKey"])
            for contract in (announcement["contracts"]["push"], announcement["contracts"]["read"])
        )
        return cls(
            origin=announcement["origin"],
            base_url=announcement["baseUrl"],
            onboard_url=announcement["onboardUrl"],
            cloud_base_url=announcement["cloudBaseUrl"],
            application_id=announcement["applicationId"],
            push=push,
            read=read,
            pkb=Pkb.announced(announcement["pkb"]),
        )

    def expire_access_tokens(self) -> None:
        """Let every access token that was issued count as expired."""
        local.post(f"{self.origin}/_sandbox/expire-access-tokens")

    def lose_answer(self, route: str) -> None:
        """Let the next call of this route be done, and its answer be lost."""
        fault = {"route": route, "fault": "lose-answer", "count": 1}
        local.post(f"{self.origin}/_sandbox/faults", fault)

    def pushed(self) -> list[dict[str, Any]]:
        """Give everything that was pushed, the oldest first."""
        pushed: list[dict[str, Any]] = self._get("pushed")
        return pushed

    def refreshes(self) -> int:
        """Give how often a token was refreshed, or tried to be."""
        return sum(each["count"] for each in self._get("requests") if each.get("grant") == "refresh_token")

    def _get(self, name: str) -> Any:  # noqa: ANN401 - it is JSON
        return local.get(f"{self.origin}/_sandbox/{name}")
