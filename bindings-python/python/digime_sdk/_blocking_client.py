"""A client in plain code: its calls return when they are done."""

from __future__ import annotations

from typing import Any, ClassVar

from ._blocking_byte_stream import ByteStream
from ._blocking_call import BlockingCall
from ._blocking_many import portions
from ._blocking_results import Results
from ._client import Client, alone
from ._events import unheard
from ._opaque import hidden
from ._typing import Self


class BlockingClient(Client):
    """A client whose calls return when they are done."""

    _byte_stream: ClassVar[Any] = ByteStream
    _blocks: ClassVar[bool] = True
    _portions: ClassVar[Any] = staticmethod(portions)

    # To type checkers options are what they were before they were hidden.

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._call("close", hidden({}))

    def _call(self, name: str, options: Any) -> Any:
        call = BlockingCall(self._start(name, options), stores=self._stores)
        try:
            return call.until()[-1].open()
        finally:
            call.close()

    def _results(self, name: str, options: Any, event: str) -> Results[Any]:
        """Make the call that gives what its function `event` would be told."""
        call = BlockingCall(self._start(name, options, **{event: unheard}), stores=self._stores)
        return Results(call, (event,), alone, unheard)
