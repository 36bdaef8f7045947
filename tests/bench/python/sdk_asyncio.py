"""An application that works with the SDK in asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import digime_sdk
import options
import works
from task import PUSHED, Zeros


class Sdk:
    """The SDK, as the works see it."""

    def __init__(self) -> None:
        self._sdk = digime_sdk.init(**options.CONFIGURATION)
        self._linked: digime_sdk.PkbSDK | None = None

    async def authorize(self) -> object:
        return await self._sdk.get_authorize_url(**options.AUTHORIZE)

    async def exchange(self) -> None:
        await self._sdk.exchange_code_for_token(**options.exchange())

    async def push(self, content: bytes) -> None:
        await self._sdk.push_data(**options.push(content))

    async def refused(self) -> None:
        try:
            await self._sdk.push_data(**options.push(PUSHED, ""))
        except digime_sdk.TypeValidationError:
            return
        msg = "the push was not refused"
        raise AssertionError(msg)

    async def read(self, session_key: str, on_file: Callable[[str, bytes], None]) -> None:
        async for event in self._sdk.read_all_files(**options.read(session_key)):
            if event["type"] == "file_data":
                on_file(event["data"]["file_name"], event["data"]["file_data"])

    async def upload(self, content: Zeros) -> None:
        await self._sdk.upload_file_to_storage(**options.upload(content))

    async def download(self, mebibytes: int) -> AsyncIterator[bytes]:
        response = await self._sdk.download_storage_file(**options.download(mebibytes))
        async with response["body"] as body:
            async for chunk in body:
                yield chunk

    async def search(self, parameters: dict[str, str]) -> AsyncIterator[Any]:
        if not self._linked:
            self._linked = digime_sdk.init_pkb(**options.PKB_CONFIGURATION)
            await self._linked.import_link(**options.LINK)
        async for page in self._linked.fhir_search(**options.search(parameters)):
            yield page


if __name__ == "__main__":
    asyncio.run(works.run(Sdk))
