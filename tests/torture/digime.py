"""digi.me, as a round takes it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import digime_sdk
import person
from digime_sdk import Connection, ContractDetails, SdkConfiguration

from .platforms import APP_USER_ID, Connected, Issued, Platform, Presented, digest, keep
from .sandbox import Sandbox
from .stores import Store
from .worker_process import Work

_API = "/v1.7/"


class DigiMe(Platform):
    """digi.me, under the contract by which accounts can be read and pushed to."""

    name = "digi.me"
    over = "ERR_CONNECTION_EXPIRED"
    # What is signed at another time than the platform's, by more than five minutes, it refuses.
    clocks_ahead_ms = (100_000, 240_000)
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

    def person(self, store: Store, lease_ms: int) -> Connected:
        """Give a user who is to be connected."""
        configuration = self._configuration.copy()
        keep(configuration, store, lease_ms)
        return _ConnectedUser(configuration, self._contract, self._callback)

    def reached_at(self, work: Work, address: str) -> Work:
        """Let it find the whole API there: the address of the token endpoint is none of its own."""
        configuration = cast("SdkConfiguration", work.configuration).copy()
        configuration["base_url"] = f"{address}{_API}"
        # Its keys are named as the relay reaches them.
        configuration["trusted_origins"] = [self.sandbox.origin]
        return replace(work, configuration=configuration)

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


class _ConnectedUser(Connected):
    def __init__(self, configuration: SdkConfiguration, contract: ContractDetails, callback: str) -> None:
        super().__init__(Work(configuration, [APP_USER_ID], calls=1, contract=contract))
        self._contract = contract
        self._callback = callback
        self._sdk = digime_sdk.init(configuration)

    async def connect(self) -> None:
        """Connect them to a library, whatever connection there was."""
        sent = await self._sdk.get_connect_url(
            app_user_id=APP_USER_ID, contract_details=self._contract, callback=self._callback
        )
        callback = await asyncio.to_thread(person.accept, sent["url"])
        await self._sdk.complete_connect(
            app_user_id=APP_USER_ID, contract_details=self._contract, callback_url=callback
        )

    async def _found(self) -> Connection | None:
        return await self._sdk.get_connection(app_user_id=APP_USER_ID, contract_id=self._contract["contract_id"])
