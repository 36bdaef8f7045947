"""What the app asks of digi.me with the contract that reads: the library's files, out of it again."""

from __future__ import annotations

from functools import partial

import digime_sdk
from digime_sdk import (
    AllFilesReading,
    ContractDetails,
    GetAuthorizeUrlResponse,
    PullSessionOptions,
    UserAccessToken,
)

from .configuration import Configuration, ReadContract
from .store import Store

# Only what is in the library already: no source needs to be asked for anything newer.
_PULL: PullSessionOptions = {"source_fetch": False}

_LONGEST_READING = 60_000
"""In milliseconds."""


class Library:
    """The SDK with the contract that reads."""

    def __init__(self, configuration: Configuration, contract: ReadContract, callback: str, store: Store) -> None:
        self._sdk = digime_sdk.init(application_id=configuration.application_id)
        self._contract: ContractDetails = {"contract_id": contract.id, "private_key": contract.private_key}
        self._callback = callback
        self._store = store

    async def authorize(self, state: str, user_access_token: UserAccessToken) -> GetAuthorizeUrlResponse:
        """Say where to send the person whose token of the other contract this is."""
        return await self._sdk.get_authorize_url(
            contract_details=self._contract,
            callback=self._callback,
            state=state,
            session_options={"pull": _PULL},
            user_access_token=user_access_token,
        )

    async def exchange_code(self, session_id: str, code_verifier: str, code: str) -> None:
        """Turn the code that the person came back with into the session's token to read with."""
        token = await self._sdk.exchange_code_for_token(
            contract_details=self._contract, code_verifier=code_verifier, authorization_code=code
        )
        await self._store.save_read_token(session_id, token)

    async def open_session(self, session_id: str) -> str | None:
        """Give the key of a session that can be read; none if the person has not agreed to it, or does so no more."""
        token = await self._store.find_read_token(session_id)
        if token is None:
            return None
        try:
            response = await self._sdk.read_session(
                contract_details=self._contract,
                session_options=_PULL,
                user_access_token=token,
                on_access_token_change=partial(self._store.save_read_token, session_id),
            )
        except digime_sdk.ServerError as error:
            if error.error["code"] != "InvalidToken":
                raise
            # A consent that has ended must not keep the person from giving it anew.
            await self._store.forget_read_token(session_id)
            return None
        return response["session"]["key"]

    async def read_files(self, session_id: str, session_key: str) -> AllFilesReading:
        """Give a reading to be gone through."""
        token = await self._store.find_read_token(session_id)
        if token is None:
            msg = "This session has no token to read with: nothing must be read for it."
            raise LookupError(msg)
        return self._sdk.read_all_files(
            session_key=session_key,
            contract_id=self._contract["contract_id"],
            private_key=self._contract["private_key"],
            user_access_token=token,
            on_access_token_change=partial(self._store.save_read_token, session_id),
            polling_interval=500,
            polling_limits={"total": _LONGEST_READING},
        )
