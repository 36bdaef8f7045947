"""`read_all_files` in plain code: to be gone through to its result, or iterated over."""

from __future__ import annotations

from collections.abc import Iterator

from ._blocking_call import BlockingCall
from ._blocking_results import Results
from ._generated.types import FileListStatus
from ._reading import Reading, ReadingEvent, event


class AllFilesReading(Reading):
    """A reading of all files of a session. Nothing is read before its result is asked for, or it is iterated over.

    `result` tells the callbacks, and gives the status with which the session ended. Iterated over, it gives what
    happens as events, other than those for which there are callbacks; what comes next waits until it is asked for, and
    leaving the loop ends the reading. In both cases `response` then says how it ended.
    """

    def result(self) -> FileListStatus:
        """Read to the end in this thread."""
        if self._response is None:
            for _ in self:
                pass
        return self.response["status"]

    def __iter__(self) -> Iterator[ReadingEvent]:
        self._begin()
        return Results(BlockingCall(self._started), self._events, event, self._end)
