"""Patients Know Best in the sandbox: who can log in there, what can be turned, and what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import local


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
        return cls(announcement["baseUrl"], announcement["clientId"], patients)

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

    def _turn(self, control: str, given: object = None) -> None:
        local.post(f"{self.base_url}/_sandbox/pkb/{control}", given)
