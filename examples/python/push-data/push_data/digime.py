"""What the app asks of digi.me; every token that comes back is stored before anything else happens."""

from __future__ import annotations

from functools import partial
from typing import Any

import digime_sdk
from digime_sdk import ContractDetails, FileData, GetAuthorizeUrlResponse, ReadAccountsResponse, UserAccessToken

from .configuration import Configuration
from .store import Account, Destination, Store


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

    async def current_token(self, session_id: str) -> UserAccessToken | None:
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

    async def authorize(self, session_id: str, destination: Destination, state: str) -> GetAuthorizeUrlResponse:
        """Say where to send the person, and which verifier to keep until they are back."""
        return await self._sdk.get_authorize_url(
            contract_details=self._contract,
            callback=self._callback,
            state=state,
            source_type="push" if destination == "provider" else "pull",
            user_access_token=await self.current_token(session_id),
        )

    async def exchange_code(self, session_id: str, code_verifier: str, code: str) -> None:
        """Turn the code that the person came back with into the session's token."""
        token = await self._sdk.exchange_code_for_token(
            contract_details=self._contract, code_verifier=code_verifier, authorization_code=code
        )
        await self._store.save_token(session_id, token)

    async def find_account(self, session_id: str, account_reference: str) -> Account | None:
        """Give the account that the person has just connected."""
        accounts = (await self._read_accounts(session_id))["accounts"]
        for account in accounts:
            if account.get("reference") == account_reference:
                described: dict[str, Any] = {**account}
                name = described.get("serviceProviderName") or described.get("serviceTypeName")
                return Account(account["id"], name or account["id"])
        return None

    async def push_file(  # noqa: PLR0913 - a file has that many sides
        self, session_id: str, account_id: str, *, content: FileData, name: str, mime_type: str, tags: list[str]
    ) -> None:
        """Push a file to the library."""
        await self._sdk.push_data(
            type="library",
            contract_details=self._contract,
            user_access_token=await self._token(session_id),
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
            on_access_token_change=partial(self._store.save_token, session_id),
        )

    async def push_bundle(self, session_id: str, account_id: str, bundle: dict[str, Any]) -> None:
        """Push FHIR to the provider."""
        await self._sdk.push_data(
            type="provider",
            standard="fhir",
            version="stu3",
            contract_details=self._contract,
            user_access_token=await self._token(session_id),
            account_id=account_id,
            data=bundle,
            on_access_token_change=partial(self._store.save_token, session_id),
        )

    async def _read_accounts(self, session_id: str) -> ReadAccountsResponse:
        try:
            response = await self._sdk.read_accounts(
                contract_details=self._contract, user_access_token=await self._token(session_id)
            )
        except digime_sdk.DigiMeSDKError as error:
            if error.user_access_token is not None:
                await self._store.save_token(session_id, error.user_access_token)
            raise
        await self._store.save_token(session_id, response["user_access_token"])
        return response

    async def _token(self, session_id: str) -> UserAccessToken:
        token = await self._store.find_token(session_id)
        if token is None:
            msg = "This session has no token: its pages must not offer what needs one."
            raise LookupError(msg)
        return token
