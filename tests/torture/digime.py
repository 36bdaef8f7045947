"""digi.me, as a round takes it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import digime_sdk
import person
from digime_sdk import Connection, ContractDetails, SdkConfiguration, UnreadableLink

from .platforms import Connected, Issued, Platform, Presented, digest
from .sandbox import Sandbox
from .worker_process import Configuration, Party

_API = "/v1.7/"

CLOCKS_APART = ("--clock-skew-seconds", "7200")
"""What lets a sandbox's digi.me, which looks at the time of each request, bear clocks that are an hour off."""


class DigiMe(Platform):
    """digi.me, under the contract by which accounts can be read and pushed to."""

    name = "digi.me"
    over = "ERR_CONNECTION_EXPIRED"
    _controls = ""
    _token_path = f"{_API}oauth/token"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        announced, contract = sandbox.announced, sandbox.announced["contracts"]["push"]
        self._callback: str = contract["redirectUris"][0]
        self._contract: ContractDetails = {
            "contract_id": contract["contractId"],
            "private_key": contract["privateKey"],
        }
        self._configuration: SdkConfiguration = {
            "application_id": announced["applicationId"],
            "base_url": announced["baseUrl"],
            "onboard_url": announced["onboardUrl"],
            "cloud_base_url": announced["cloudBaseUrl"],
        }

    def configuration(self) -> SdkConfiguration:
        """Say how the application is configured."""
        return self._configuration.copy()

    def party(self, configuration: Configuration, app_user_ids: Sequence[str]) -> Party:
        """Give users of it, under the contract."""
        return Party(configuration, app_user_ids, self._contract)

    def person(self, party: Party, number: int = 0) -> Connected:
        """Give somebody who can consent; whoever does so is another."""
        del number
        return _User(party, self._contract, self._callback)

    def reached_at(self, party: Party, address: str) -> Party:
        """Let it find the whole API there: the address of the token endpoint is none of its own."""
        configuration = cast("SdkConfiguration", party.configuration).copy()
        configuration["base_url"] = f"{address}{_API}"
        return replace(party, configuration=configuration)

    def _presented(self, headers: Mapping[str, str], body: bytes) -> Presented:
        del body
        claims = _claims(headers["authorization"].partition(" ")[2])
        is_code = "code" in claims
        return Presented(digest(claims.get("code" if is_code else "refresh_token", "")), is_code)

    def issued(self, answer: bytes) -> Issued:
        """Read the tokens that a token has in it."""
        claims = _claims(json.loads(answer)["token"])
        return Issued(digest(claims["access_token"]["value"]), digest(claims["refresh_token"]["value"]))


def _claims(signed: str) -> dict[str, Any]:
    """Give what a token says, whoever has signed it."""
    payload = signed.split(".")[1]
    # Padding that there need not be does no harm.
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(f"{payload}=="))
    return claims


class _User(Connected):
    def __init__(self, party: Party, contract: ContractDetails, callback: str) -> None:
        super().__init__(party)
        self._contract = contract
        self._callback = callback
        self._sdk = digime_sdk.init(cast("SdkConfiguration", party.configuration))

    async def connect(self) -> str:
        """Connect them to a library, and give the reference of their account."""
        sent = await self._sdk.get_connect_url(
            app_user_id=self.app_user_id, contract_details=self._contract, callback=self._callback
        )
        callback = await asyncio.to_thread(person.accept, sent["url"])
        connected = await self._sdk.complete_connect(
            app_user_id=self.app_user_id, contract_details=self._contract, callback_url=callback
        )
        return connected.get("account_reference") or ""

    async def _found(self) -> Connection | None:
        return await self._sdk.get_connection(app_user_id=self.app_user_id, contract_id=self._contract["contract_id"])

    async def rotate_keys(self) -> list[UnreadableLink]:
        """Seal all connections under the contract anew."""
        return (await self._sdk.rotate_keys(contract_id=self._contract["contract_id"]))["failed"]
