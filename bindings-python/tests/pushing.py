"""Pushing a file by either SDK."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import digime_sdk
from digime_sdk import blocking

if TYPE_CHECKING:
    from digime_sdk import ContractDetails, UserAccessToken
    from platform_double import Platform


class Pusher:
    """Pushes by either SDK."""

    def __init__(self, flavour: str, contract: ContractDetails, token: UserAccessToken, platform: Platform) -> None:
        self.is_async = flavour == "asyncio"
        self._given = {"contract_details": contract, "user_access_token": token}
        self._base_url = platform.at("ok")

    def options(self, content: Any) -> Any:
        descriptor = {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]}
        return {**self._given, "data": {"file_data": content, "file_name": "a.pdf", "file_descriptor": descriptor}}

    def push(self, content: Any) -> None:
        if self.is_async:
            asyncio.run(self.pushed(content))
        else:
            blocking.init(application_id="app", base_url=self._base_url).push_data(**self.options(content))

    async def pushed(self, content: Any) -> None:
        await digime_sdk.init(application_id="app", base_url=self._base_url).push_data(**self.options(content))
