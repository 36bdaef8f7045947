"""`read_all_files` in asyncio: to be awaited, or iterated over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import Any, Union

from ._call import AsyncCall
from ._client import Client
from ._generated.types import FileListStatus, ReadAllFilesForAppUserResponse, ReadAllFilesResponse
from ._reading import (
    NEW_TOKEN,
    PART,
    Event,
    Reading,
    ReadingEvent,
    ReadingForAppUserEvent,
    Response,
    event,
    is_for_app_user,
)
from ._results import Results


class _AllFiles(Reading[Event, Response]):
    def __await__(self) -> Generator[Any, None, FileListStatus]:
        return self._to_end().__await__()

    def __aiter__(self) -> AsyncIterator[Event]:
        self._begin()
        call = AsyncCall(self._started, part=PART, stores=self._stores)
        return Results(call, self._events, event, self._end)

    async def _to_end(self) -> FileListStatus:
        if self._response is None:
            async for _ in self:
                pass
        return self.response["status"]


class AllFilesReading(_AllFiles[ReadingEvent, ReadAllFilesResponse]):
    """A reading of all files of a session. Nothing is read before it is awaited or iterated over.

    Awaited, it tells the callbacks, and gives the status with which the session ended. Iterated over with `async for`,
    it gives what happens as events, other than those for which there are callbacks; what comes next waits until it is
    asked for, and leaving the loop ends the reading. In both cases `response` then says how it ended.
    """


class AllFilesForAppUserReading(_AllFiles[ReadingForAppUserEvent, ReadAllFilesForAppUserResponse]):
    """`AllFilesReading` of a user whose connection is kept: no event, nor the response, has a token."""

    _untold = (NEW_TOKEN,)


def reading(client: Client, options: Any) -> Union[AllFilesReading, AllFilesForAppUserReading]:
    """Give the reading that these options are for."""
    return (AllFilesForAppUserReading if is_for_app_user(options) else AllFilesReading)(client, options)
