"""What the app asks of digi.me. Tokens never come by here: the SDK keeps them."""

from __future__ import annotations

from typing import Any

from digime_sdk import AllFilesForAppUserReading, ContractDetails, DigiMeSDK


class Digime:
    """The SDK with this app's contract, and where people come back to."""

    def __init__(self, sdk: DigiMeSDK, contract: ContractDetails, callback: str) -> None:
        self._sdk = sdk
        self._contract = contract
        self._callback = callback

    async def begin(self, app_user_id: str) -> str:
        """Say where to send the person."""
        sent = await self._sdk.get_connect_url(
            app_user_id=app_user_id,
            contract_details=self._contract,
            callback=self._callback,
            include_sample_data_only_sources=True,
        )
        return sent["url"]

    async def come_back(self, app_user_id: str, callback_url: str) -> str:
        """Connect who has come back, and give the key of the session that can be read now.

        Nobody else may complete what they began.
        """
        connected = await self._sdk.complete_connect(
            app_user_id=app_user_id, contract_details=self._contract, callback_url=callback_url
        )
        return connected["session"]["key"]

    async def is_connected(self, app_user_id: str) -> bool:
        """Say whether the person's consent serves, as far as the store knows; digi.me is not asked."""
        connection = await self._sdk.get_connection(app_user_id=app_user_id, contract_id=self._contract["contract_id"])
        return connection is not None and connection["status"] != "expired"

    async def disconnect(self, app_user_id: str) -> None:
        """End the connection."""
        await self._sdk.disconnect(app_user_id=app_user_id, contract_id=self._contract["contract_id"])

    async def find_sources(self, app_user_id: str) -> list[str]:
        """Give the names of the sources that the person has connected."""
        response = await self._sdk.read_accounts(app_user_id=app_user_id, contract_details=self._contract)
        accounts: list[dict[str, Any]] = [{**account} for account in response["accounts"]]
        return [each.get("serviceProviderName") or each.get("serviceTypeName") or each["id"] for each in accounts]

    async def open_session(self, app_user_id: str) -> str:
        """Have digi.me fetch anew; give the key of the session that can be read then."""
        response = await self._sdk.read_session(app_user_id=app_user_id, contract_details=self._contract)
        return response["session"]["key"]

    def read_files(self, app_user_id: str, session_key: str) -> AllFilesForAppUserReading:
        """Give a reading to be gone through."""
        return self._sdk.read_all_files(
            app_user_id=app_user_id,
            session_key=session_key,
            contract_id=self._contract["contract_id"],
            private_key=self._contract["private_key"],
            polling_interval=1000,
        )
