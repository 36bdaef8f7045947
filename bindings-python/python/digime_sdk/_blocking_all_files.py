"""`read_all_files` in plain code: to be gone through to its result, or iterated over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from ._blocking_call import BlockingCall
from ._blocking_results import Results
from ._client import Client
from ._generated.types import FileListStatus, ReadAllFilesForAppUserResponse, ReadAllFilesResponse
from ._reading import (
    NEW_TOKEN,
    Event,
    Reading,
    ReadingEvent,
    ReadingForAppUserEvent,
    Response,
    event,
    is_for_app_user,
)


class _AllFiles(Reading[Event, Response]):
    def result(self) -> FileListStatus:
        """Read to the end in this thread."""
        if self._response is None:
            for _ in self:
                pass
        return self.response["status"]

    def __iter__(self) -> Iterator[Event]:
        self._begin()
        call = BlockingCall(self._started, stores=self._stores)
        return Results(call, self._events, event, self._end)


class AllFilesReading(_AllFiles[ReadingEvent, ReadAllFilesResponse]):
    """A reading of all files of a session. Nothing is read before its result is asked for, or it is iterated over.

    `result` tells the callbacks, and gives the status with which the session ended. Iterated over, it gives what
    happens as events, other than those for which there are callbacks; what comes next waits until it is asked for, and
    leaving the loop ends the reading. In both cases `response` then says how it ended.
    """


class AllFilesForAppUserReading(_AllFiles[ReadingForAppUserEvent, ReadAllFilesForAppUserResponse]):
    """`AllFilesReading` of a user whose connection is kept: no event, nor the response, has a token."""

    _untold = (NEW_TOKEN,)


def reading(client: Client, options: Any) -> Union[AllFilesReading, AllFilesForAppUserReading]:
    """Give the reading that these options are for."""
    return (AllFilesForAppUserReading if is_for_app_user(options) else AllFilesReading)(client, options)
