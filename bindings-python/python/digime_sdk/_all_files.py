"""`read_all_files` in asyncio: to be awaited, or iterated over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from ._call import AsyncCall
from ._reading import Reading, event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator

    from typing_extensions import Self

    from ._generated.types import FileListStatus
    from ._reading import ReadingEvent


class AllFilesReading(Reading):
    """A reading of all files of a session. Nothing is read before it is awaited or iterated over.

    Awaited, it tells the callbacks, and gives the status with which the session ended. Iterated over with `async for`,
    it gives what happens as events, other than those for which there are callbacks; what comes next waits until it is
    asked for, and leaving the loop ends the reading. In both cases `response` then says how it ended.
    """

    def __await__(self) -> Generator[Any, None, FileListStatus]:
        return self._to_end().__await__()

    def __aiter__(self) -> AsyncIterator[ReadingEvent]:
        self._begin()
        return _Events(self)

    async def _to_end(self) -> FileListStatus:
        if self._response is None:
            async for _ in self:
                pass
        return self.response["status"]


class _Events:
    """The events of a reading, which ends when they are let go of: a generator would be ended by the loop, later."""

    def __init__(self, reading: AllFilesReading) -> None:
        self._reading = reading
        self._native = reading._native
        self._call: Optional[AsyncCall] = AsyncCall(reading._native, reading._hosts)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ReadingEvent:
        if self._call is None:
            raise StopAsyncIteration
        try:
            reached = await self._call.until(self._reading._events)
        except BaseException:
            await self._end(self._call)
            raise
        if reached[0] == "invoke":
            return event(reached[1], reached[2])
        self._reading._response = reached[1]
        await self._end(self._call)
        raise StopAsyncIteration

    async def _end(self, call: AsyncCall) -> None:
        self._call = None
        await call.close()

    def __del__(self) -> None:
        self._native.close()
