"""Patients Know Best, as a round takes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import parse_qs

import digime_sdk
from digime_sdk import Link, PkbConfiguration, PkbEndpoints, UnreadableLink
from patient import Patient

from .platforms import Connected, Issued, Platform, Presented, digest
from .sandbox import Sandbox
from .worker_process import Configuration, Party


@dataclass(frozen=True)
class _Person:
    """Somebody whom it knows."""

    first_name: str
    patient: Patient

    @classmethod
    def announced(cls, told: dict[str, str]) -> _Person:
        """Read one; the first names of all are in their logins."""
        return cls(told["login"].split(".")[0].title(), Patient(told["login"], told["password"]))


class Pkb(Platform):
    """Patients Know Best."""

    name = "PKB"
    over = "ERR_LINK_EXPIRED"
    _controls = "pkb/"
    _token_path = "/apiToken.action"  # noqa: S105 - it is no secret

    def __init__(self, sandbox: Sandbox, base_url: str | None = None) -> None:
        super().__init__(sandbox)
        pkb = sandbox.announced["pkb"]
        self._base_url: str = base_url or pkb["baseUrl"]
        self._client_id: str = pkb["clientId"]
        self._redirect_uri: str = pkb["redirectUris"][0]
        self._people = [_Person.announced(person) for person in pkb["people"]]

    def configuration(self) -> PkbConfiguration:
        """Say how the user client is configured."""
        return {
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "environment": "sandbox",
            "endpoints": {"base_url": self._base_url},
            # Calls side by side are what tears at tokens; by PKB's manners they would wait for each other.
            "per_patient": {"fhir": 64, "rest": 64},
        }

    def party(self, configuration: Configuration, app_user_ids: Sequence[str]) -> Party:
        """Give users of it."""
        return Party(configuration, app_user_ids)

    def person(self, party: Party, number: int = 0) -> Connected:
        """Give a patient who can be linked."""
        return _Patient(self._people[number], party)

    def reached_at(self, party: Party, address: str) -> Party:
        """Let it find the token endpoint there."""
        configuration = cast("PkbConfiguration", party.configuration).copy()
        endpoints = PkbEndpoints()
        endpoints.update(configuration.get("endpoints") or {})
        endpoints["token_url"] = f"{address}{self._token_path}"
        configuration["endpoints"] = endpoints
        return replace(party, configuration=configuration)

    def _presented(self, headers: Mapping[str, str], body: bytes) -> Presented:
        del headers
        form = parse_qs(body.decode())
        is_code = "code" in form
        return Presented(digest(form.get("code" if is_code else "refresh_token", [""])[0]), is_code)

    def issued(self, answer: bytes) -> Issued:
        """Read the tokens."""
        tokens = json.loads(answer)
        return Issued(digest(tokens["access_token"]), digest(tokens["refresh_token"]))

    async def set_modes(self, modes: dict[str, object]) -> None:
        """Settle what the platform leaves open."""
        await self.sandbox.control("PUT", "pkb/modes", modes)


class _Patient(Connected):
    def __init__(self, who: _Person, party: Party) -> None:
        super().__init__(party)
        self._who = who
        self._pkb = digime_sdk.init_pkb(cast("PkbConfiguration", party.configuration))

    async def connect(self) -> str:
        """Link them, and give their first name."""
        sent = await self._pkb.get_link_url(app_user_id=self.app_user_id)
        callback = await asyncio.to_thread(self._who.patient.approve, sent["url"])
        await self._pkb.complete_link(callback_url=callback, app_user_id=self.app_user_id)
        return self._who.first_name

    async def _found(self) -> Link | None:
        return await self._pkb.get_link(app_user_id=self.app_user_id)

    async def rotate_keys(self) -> list[UnreadableLink]:
        """Seal all links anew."""
        return (await self._pkb.rotate_keys())["failed"]
