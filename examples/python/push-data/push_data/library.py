"""What the app asks of digi.me with the contract that reads: the library's files, out of it again."""

from __future__ import annotations

from digime_sdk import (
    AllFilesForAppUserReading,
    ConnectionExpiredError,
    ContractDetails,
    DigiMeSDK,
    NotConnectedError,
    PullSessionOptions,
)

# Only what is in the library already: no source needs to be asked for anything newer.
_PULL: PullSessionOptions = {"source_fetch": False}

_LONGEST_READING = 60_000
"""In milliseconds."""


class Library:
    """The SDK with the contract that reads, and the one that pushes: whose library it is that is read."""

    def __init__(
        self, sdk: DigiMeSDK, contract: ContractDetails, library_contract: ContractDetails, callback: str
    ) -> None:
        self._sdk = sdk
        self._contract = contract
        self._library_contract = library_contract
        self._callback = callback

    async def begin(self, app_user_id: str) -> str:
        """Say where to send the person."""
        sent = await self._sdk.get_connect_url(
            app_user_id=app_user_id,
            contract_details=self._contract,
            library_contract=self._library_contract,
            callback=self._callback,
            session_options={"pull": _PULL},
        )
        return sent["url"]

    async def come_back(self, app_user_id: str, callback_url: str) -> str:
        """Connect who has come back, and give the key of the session that can be read now."""
        connected = await self._sdk.complete_connect(
            app_user_id=app_user_id, contract_details=self._contract, callback_url=callback_url
        )
        return connected["session"]["key"]

    async def open_session(self, app_user_id: str) -> str | None:
        """Give the key of a session that can be read; none if the person has not agreed to it, or does so no more."""
        try:
            response = await self._sdk.read_session(
                app_user_id=app_user_id, contract_details=self._contract, session_options=_PULL
            )
        except (NotConnectedError, ConnectionExpiredError):
            return None
        return response["session"]["key"]

    def read_files(self, app_user_id: str, session_key: str) -> AllFilesForAppUserReading:
        """Give a reading to be gone through."""
        return self._sdk.read_all_files(
            app_user_id=app_user_id,
            session_key=session_key,
            contract_id=self._contract["contract_id"],
            private_key=self._contract["private_key"],
            polling_interval=500,
            polling_limits={"total": _LONGEST_READING},
        )

    async def disconnect(self, app_user_id: str) -> None:
        """End the connection."""
        await self._sdk.disconnect(app_user_id=app_user_id, contract_id=self._contract["contract_id"])
