"""A client in an asyncio event loop: its calls are coroutines, and what they answer with is waited for."""

from __future__ import annotations

from typing import Any, ClassVar

from ._byte_stream import ByteStream
from ._call import AsyncCall
from ._client import Client, alone
from ._events import unheard
from ._many import portions
from ._opaque import hidden
from ._results import Results
from ._typing import Self


class AsyncClient(Client):
    """A client whose calls are coroutines."""

    _byte_stream: ClassVar[Any] = ByteStream
    _blocks: ClassVar[bool] = False
    _portions: ClassVar[Any] = staticmethod(portions)

    # To type checkers options are what they were before they were hidden.

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._call("close", hidden({}))

    async def _call(self, name: str, options: Any) -> Any:
        # What is iterated over is left with the call.
        many = self._many.get(name)
        call = AsyncCall(self._start(name, options), part=[many] if many else (), stores=self._stores)
        try:
            return (await call.until())[-1].open()
        finally:
            await call.close()

    def _results(self, name: str, options: Any, event: str) -> Results[Any]:
        """Make the call that gives what its function `event` would be told."""
        call = AsyncCall(self._start(name, options, **{event: unheard}), stores=self._stores)
        return Results(call, (event,), alone, unheard)
