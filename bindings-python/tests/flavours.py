"""The two flavours of an SDK in one form, so that a test says its sentence about both."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Union

import digime_sdk

Method = Callable[..., Any]


class Blocking:
    """Plain code, in threads if there are several calls."""

    init: Method = staticmethod(digime_sdk.blocking.init)
    init_pkb: Method = staticmethod(digime_sdk.blocking.init_pkb)

    def call(self, method: Method, /, **options: Any) -> Any:
        return method(**options)

    def at_once(self, *calls: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(len(calls)) as pool:
            return [future.result() for future in [pool.submit(call) for call in calls]]

    def pages(self, results: Any) -> list[Any]:
        return list(results)

    def some(self, results: Any, count: int, between: Callable[[], Any]) -> list[Any]:
        """Give as many, with a call between them."""
        seen = []
        for each in results:
            seen.append(each)
            if len(seen) == count:
                break
            between()
        return seen


class Asyncio:
    """Coroutines, in an event loop for each call, or for all that are made at once."""

    init: Method = staticmethod(digime_sdk.init)
    init_pkb: Method = staticmethod(digime_sdk.init_pkb)

    def call(self, method: Method, /, **options: Any) -> Any:
        return asyncio.run(method(**options))

    def at_once(self, *calls: Callable[[], Any]) -> list[Any]:
        async def main() -> list[Any]:
            return await asyncio.gather(*(call() for call in calls))

        return asyncio.run(main())

    def pages(self, results: Any) -> list[Any]:
        async def main() -> list[Any]:
            return [page async for page in results]

        return asyncio.run(main())

    def some(self, results: Any, count: int, between: Callable[[], Any]) -> list[Any]:
        """Give as many, with a call between them."""

        async def main() -> list[Any]:
            seen = []
            async for each in results:
                seen.append(each)
                if len(seen) == count:
                    break
                await between()
            return seen

        return asyncio.run(main())


Flavour = Union[Asyncio, Blocking]
FLAVOURS: dict[str, Flavour] = {"asyncio": Asyncio(), "blocking": Blocking()}
