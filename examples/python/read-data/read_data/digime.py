"""What the app asks of digi.me; a new token is stored before it is used."""

from __future__ import annotations

from functools import partial
from typing import Any

import digime_sdk
from digime_sdk import (
    AllFilesReading,
    ContractDetails,
    GetAuthorizeUrlResponse,
    ReadAccountsResponse,
    UserAccessToken,
)

from .configuration import Configuration
from .store import Store


class Digime:
    """The SDK with this app's contract, callback and store."""

    def __init__(self, configuration: Configuration, callback: str, store: Store) -> None:
        self._sdk = digime_sdk.init(application_id=configuration.application_id)
        self._contract: ContractDetails = {
            "contract_id": configuration.contract_id,
            "private_key": configuration.private_key,
        }
        self._callback = callback
        self._store = store

    async def authorize(self, session_id: str, state: str) -> GetAuthorizeUrlResponse:
        """Say where to send the person, which verifier to keep until they are back, and what can be read then."""
        return await self._sdk.get_authorize_url(
            contract_details=self._contract,
            callback=self._callback,
            state=state,
            include_sample_data_only_sources=True,
            user_access_token=await self._current_token(session_id),
        )

    async def exchange_code(self, session_id: str, code_verifier: str, code: str) -> None:
        """Turn the code that the person came back with into the session's token."""
        token = await self._sdk.exchange_code_for_token(
            contract_details=self._contract, code_verifier=code_verifier, authorization_code=code
        )
        await self._store.save_token(session_id, token)

    async def find_sources(self, session_id: str) -> list[str]:
        """Give the names of the sources that the person has connected."""
        accounts: list[dict[str, Any]] = [
            {**account} for account in (await self._read_accounts(session_id))["accounts"]
        ]
        return [each.get("serviceProviderName") or each.get("serviceTypeName") or each["id"] for each in accounts]

    async def open_session(self, session_id: str) -> str:
        """Have digi.me fetch anew; give the key of the session that can be read then."""
        response = await self._sdk.read_session(
            contract_details=self._contract,
            user_access_token=await self._token(session_id),
            on_access_token_change=partial(self._store.save_token, session_id),
        )
        return response["session"]["key"]

    async def read_files(self, session_id: str, session_key: str) -> AllFilesReading:
        """Give a reading to be gone through."""
        return self._sdk.read_all_files(
            session_key=session_key,
            contract_id=self._contract["contract_id"],
            private_key=self._contract["private_key"],
            user_access_token=await self._token(session_id),
            on_access_token_change=partial(self._store.save_token, session_id),
            polling_interval=1000,
        )

    async def _read_accounts(self, session_id: str) -> ReadAccountsResponse:
        return await self._sdk.read_accounts(
            contract_details=self._contract,
            user_access_token=await self._token(session_id),
            on_access_token_change=partial(self._store.save_token, session_id),
        )

    async def _current_token(self, session_id: str) -> UserAccessToken | None:
        """Give a token that digi.me takes, so that the same person is asked again; none if there is none any more."""
        if await self._store.find_token(session_id) is None:
            return None
        try:
            return (await self._read_accounts(session_id))["user_access_token"]
        except digime_sdk.ServerError as error:
            if error.error["code"] != "InvalidToken":
                raise
            # A consent that has ended must not keep the person from giving it anew.
            await self._store.forget_consent(session_id)
            return None

    async def _token(self, session_id: str) -> UserAccessToken:
        token = await self._store.find_token(session_id)
        if token is None:
            msg = "This session has no token: its pages must not offer what needs one."
            raise LookupError(msg)
        return token
