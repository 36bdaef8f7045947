"""A call in an asyncio event loop: asking the core for the next step until there is a result."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Optional

from ._bridge import bridge
from ._byte_stream import ByteStream
from ._client import Client, closed, failure
from ._streams import AsyncStreams

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ._client import Reached
    from ._native import NativeCall, Reply


class AsyncCall:
    """A call under way."""

    def __init__(self, native: NativeCall, hosts: dict[str, Any]) -> None:
        self._native = native
        self._hosts = hosts
        self._streams = AsyncStreams(hosts)
        self._raised: dict[str, Exception] = {}
        self._reply: Optional[Reply] = None

    async def until(self, events: Collection[str] = ()) -> Reached:
        """Go on until the call is done, or tells one of these functions something, which is then not called."""
        while True:
            step = await self._native.next(bridge(), self._reply)
            if step[0] == "done":
                return step
            if step[0] == "failed":
                raise failure(step[1], self._raised)
            if step[0] == "closed":
                raise closed()
            path = step[1]
            try:
                if step[0] == "read":
                    self._reply = ("value", await self._streams.read(path) or None)
                elif path in events:
                    self._reply = ("value", None)
                    return step
                else:
                    answer = self._hosts[path](step[2])
                    self._reply = ("value", await answer if inspect.isawaitable(answer) else answer)
            except Exception as error:
                self._raised.setdefault(path, error)
                self._reply = ("failed",)

    async def close(self) -> None:
        """End the call, and let go of its streams."""
        # First of all, so that a task that is cancelled drops its request at once.
        self._native.close()
        await self._streams.close()


class AsyncClient(Client):
    """A client whose calls are coroutines."""

    _byte_stream: ClassVar = ByteStream

    async def _call(self, name: str, options: Mapping[str, object]) -> Any:
        call = AsyncCall(*self._start(name, options))
        try:
            return (await call.until())[1]
        finally:
            await call.close()
