"""`read_all_files` in asyncio: to be awaited, or iterated over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import Any

from ._call import AsyncCall
from ._generated.types import FileListStatus
from ._reading import PART, Reading, ReadingEvent, event
from ._results import Results


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
        call = AsyncCall(self._started, part=PART)
        return Results(call, self._events, event, self._end)

    async def _to_end(self) -> FileListStatus:
        if self._response is None:
            async for _ in self:
                pass
        return self.response["status"]
