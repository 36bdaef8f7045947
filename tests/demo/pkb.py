"""Patients Know Best in the sandbox: who can log in there, what can be turned, and what it counts."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import local
from .checks import expect_equal


@dataclass(frozen=True)
class Patient:
    """Somebody who has a record."""

    login: str
    password: str
    public_id: str


@dataclass(frozen=True)
class Pkb:
    """PKB, as the sandbox announces it."""

    base_url: str
    client_id: str
    organisation: dict[str, str]
    """What an app of the organisation is told in its environment."""
    secrets: list[str]
    """Those of its clients."""
    patients: dict[str, Patient]
    """By their first and last names."""

    @classmethod
    def announced(cls, announcement: dict[str, Any]) -> Pkb:
        """Read its part of the announcement."""
        patients = {
            person["name"]: Patient(person["login"], person["password"], person["publicId"])
            for person in announcement["people"]
            if person["kind"] == "patient"
        }
        system, customer = announcement["system"], announcement["customer"]
        organisation = {
            "PKB_JOIN_URL": announcement["joinUrl"],
            "PKB_SYSTEM_TOKEN_URL": announcement["systemTokenUrl"],
            "PKB_SYSTEM_CLIENT_ID": system["clientId"],
            "PKB_SYSTEM_CLIENT_SECRET": system["clientSecret"],
            "PKB_CUSTOMER_TOKEN_URL": customer["tokenUrl"],
            "PKB_CUSTOMER_CLIENT_ID": customer["clientId"],
            "PKB_CUSTOMER_CLIENT_SECRET": customer["clientSecret"],
            "PKB_AGGREGATED_URL": customer["aggregatedUrl"],
            "PKB_CUSTOMER_URL": customer["customerUrl"],
            "PKB_ORG_PUBLIC_ID": system["orgPublicId"],
            # Any code is one, and where one-time passwords are had is the sandbox's own.
            "PKB_ORG_CODE": "sandbox-app",
            "PKB_ONE_TIME_PASSWORD": "POST json/_sandbox/one-time-password password",
        }
        secrets = [system["clientSecret"], customer["clientSecret"]]
        return cls(announcement["baseUrl"], announcement["clientId"], organisation, secrets, patients)

    def expire_access_tokens(self) -> None:
        """Let every access token that was issued count as expired."""
        self._turn("expire-access-tokens")

    def expire_sessions(self) -> None:
        """Let every session count as over, so that no refresh token serves any more."""
        self._turn("expire-sessions")

    def freeze(self, patient: Patient) -> None:
        """Freeze the access to a record."""
        self._turn("freeze", {"publicId": patient.public_id})

    def unfreeze(self, patient: Patient) -> None:
        """Take that back."""
        self._turn("unfreeze", {"publicId": patient.public_id})

    def set_mode(self, name: str, value: object) -> None:
        """Settle something that PKB leaves open."""
        local.put(f"{self.base_url}/_sandbox/pkb/modes", {name: value})

    def tally(self) -> dict[str, int]:
        """Give how often what was done: `exchanges`, `refreshes`, `writes` and others."""
        url = f"{self.base_url}/_sandbox/pkb/tally"
        tally: dict[str, int] = local.get(url)
        return tally

    def sent_to_customer(self) -> list[tuple[str, str]]:
        """Give what was sent to Customer, the oldest first, and what became of it."""
        kept: list[dict[str, str]] = local.get(f"{self.base_url}/_sandbox/pkb/customer")
        return [(each["reference"], each["fate"]) for each in kept]

    @contextmanager
    def expect_tally(self, **expected: int) -> Generator[None]:
        """Fail unless what happens inside has PKB count this."""
        before = self.tally()
        yield
        after = self.tally()
        expect_equal("PKB counted", {name: after[name] - before[name] for name in expected}, expected)

    def _turn(self, control: str, given: object = None) -> None:
        local.post(f"{self.base_url}/_sandbox/pkb/{control}", given)
