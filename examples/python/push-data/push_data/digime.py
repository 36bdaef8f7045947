"""What the app asks of digi.me with the contract that pushes. Tokens never come by here: the SDK keeps them."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from digime_sdk import ContractDetails, DigiMeSDK, FileData

from .store import Account, Destination


class Context(TypedDict):
    """What is to be known again when the person is back."""

    destination: Destination


class Digime:
    """The SDK with the contract that pushes, and where people come back to from the consent to that."""

    def __init__(self, sdk: DigiMeSDK, contract: ContractDetails, callback: str) -> None:
        self._sdk = sdk
        self._contract = contract
        self._callback = callback

    async def begin(self, app_user_id: str, destination: Destination) -> str:
        """Say where to send the person; `come_back` is told the destination again."""
        context: Context = {"destination": destination}
        sent = await self._sdk.get_connect_url(
            app_user_id=app_user_id,
            contract_details=self._contract,
            callback=self._callback,
            source_type="push" if destination == "provider" else "pull",
            context=context,
        )
        return sent["url"]

    async def come_back(self, app_user_id: str, callback_url: str) -> tuple[Destination, Account | None]:
        """Connect who has come back, and give what they have connected: nobody else may complete what they began."""
        connected = await self._sdk.complete_connect(
            app_user_id=app_user_id, contract_details=self._contract, callback_url=callback_url
        )
        context = cast("Context", connected.get("context"))
        account = await self._find_account(app_user_id, connected.get("account_reference"))
        return context["destination"], account

    async def is_connected(self, app_user_id: str) -> bool:
        """Say whether the person's consent serves, as far as the store knows; digi.me is not asked."""
        connection = await self._sdk.get_connection(app_user_id=app_user_id, contract_id=self._contract["contract_id"])
        return connection is not None and connection["status"] != "expired"

    async def disconnect(self, app_user_id: str) -> None:
        """End the connection."""
        await self._sdk.disconnect(app_user_id=app_user_id, contract_id=self._contract["contract_id"])

    async def push_file(  # noqa: PLR0913 - a file has that many sides
        self, app_user_id: str, account_id: str, *, content: FileData, name: str, mime_type: str, tags: list[str]
    ) -> None:
        """Push a file to the library."""
        await self._sdk.push_data(
            type="library",
            app_user_id=app_user_id,
            contract_details=self._contract,
            data={
                "file_data": content,
                "file_name": name,
                "file_descriptor": {
                    "mime_type": mime_type,
                    "accounts": [{"account_id": account_id}],
                    "reference": [name],
                    "tags": tags,
                },
            },
        )

    async def push_bundle(self, app_user_id: str, account_id: str, bundle: dict[str, Any]) -> None:
        """Push FHIR to the provider."""
        await self._sdk.push_data(
            type="provider",
            standard="fhir",
            version="stu3",
            app_user_id=app_user_id,
            contract_details=self._contract,
            account_id=account_id,
            data=bundle,
        )

    async def _find_account(self, app_user_id: str, account_reference: str | None) -> Account | None:
        response = await self._sdk.read_accounts(app_user_id=app_user_id, contract_details=self._contract)
        for account in response["accounts"]:
            if account.get("reference") == account_reference:
                described: dict[str, Any] = {**account}
                name = described.get("serviceProviderName") or described.get("serviceTypeName")
                return Account(account["id"], name or account["id"])
        return None
