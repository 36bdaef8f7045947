"""Patients Know Best, as a round takes it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import parse_qs

import digime_sdk
from digime_sdk import Link, PkbConfiguration, PkbEndpoints
from patient import Patient

from .platforms import APP_USER_ID, Connected, Issued, Platform, Presented, digest, keep
from .sandbox import Sandbox
from .stores import Store
from .worker_process import Work


@dataclass(frozen=True)
class Person:
    """Somebody whom it knows."""

    first_name: str
    patient: Patient

    @classmethod
    def announced(cls, told: dict[str, str]) -> Person:
        """Read one; the first names of all are in their logins."""
        return cls(told["login"].split(".")[0].title(), Patient(told["login"], told["password"]))


class Pkb(Platform):
    """Patients Know Best."""

    name = "PKB"
    over = "ERR_LINK_EXPIRED"
    clocks_ahead_ms = (100_000, 3_600_000)
    _controls = "pkb/"
    _token_path = "/apiToken.action"  # noqa: S105 - it is no secret

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        pkb = sandbox.announced["pkb"]
        self.base_url: str = pkb["baseUrl"]
        self.client_id: str = pkb["clientId"]
        self.redirect_uri: str = pkb["redirectUris"][0]
        self.people = [Person.announced(person) for person in pkb["people"]]

    def person(self, store: Store, lease_ms: int) -> Connected:
        """Give a patient who is to be linked."""
        configuration: PkbConfiguration = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "environment": "sandbox",
            "endpoints": {"base_url": self.base_url},
        }
        keep(configuration, store, lease_ms)
        return _LinkedPatient(self.people[0].patient, configuration)

    def reached_at(self, work: Work, address: str) -> Work:
        """Let it find the token endpoint there."""
        configuration = cast("PkbConfiguration", work.configuration).copy()
        endpoints = PkbEndpoints()
        endpoints.update(configuration.get("endpoints") or {})
        endpoints["token_url"] = f"{address}{self._token_path}"
        configuration["endpoints"] = endpoints
        return replace(work, configuration=configuration)

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


class _LinkedPatient(Connected):
    def __init__(self, patient: Patient, configuration: PkbConfiguration) -> None:
        super().__init__(Work(configuration, [APP_USER_ID], calls=1))
        self._patient = patient
        self._pkb = digime_sdk.init_pkb(configuration)

    async def connect(self) -> None:
        """Link them, whatever link there was."""
        sent = await self._pkb.get_link_url(app_user_id=APP_USER_ID)
        callback = await asyncio.to_thread(self._patient.approve, sent["url"])
        await self._pkb.complete_link(callback_url=callback, app_user_id=APP_USER_ID)

    async def _found(self) -> Link | None:
        return await self._pkb.get_link(app_user_id=APP_USER_ID)
