"""A call in plain code: asking the core for the next step until there is a result."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Optional

from ._blocking_byte_stream import ByteStream
from ._client import Client, closed, failure
from ._streams import BlockingStreams

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ._client import Reached
    from ._native import NativeCall, Reply


class BlockingCall:
    """A call under way."""

    def __init__(self, native: NativeCall, hosts: dict[str, Any]) -> None:
        self._native = native
        self._hosts = hosts
        self._streams = BlockingStreams(hosts)
        self._raised: dict[str, Exception] = {}
        self._reply: Optional[Reply] = None

    def until(self, events: Collection[str] = ()) -> Reached:
        """Go on until the call is done, or tells one of these functions something, which is then not called."""
        while True:
            step = self._native.next_blocking(self._reply)
            if step[0] == "done":
                return step
            if step[0] == "failed":
                raise failure(step[1], self._raised)
            if step[0] == "closed":
                raise closed()
            path = step[1]
            try:
                if step[0] == "read":
                    self._reply = ("value", self._streams.read(path) or None)
                elif path in events:
                    self._reply = ("value", None)
                    return step
                else:
                    self._reply = ("value", _plain(path, self._hosts[path](step[2])))
            except Exception as error:
                self._raised.setdefault(path, error)
                self._reply = ("failed",)

    def close(self) -> None:
        """End the call, and let go of its streams."""
        self._native.close()
        self._streams.close()


class BlockingClient(Client):
    """A client whose calls return when they are done."""

    _byte_stream: ClassVar = ByteStream

    def _call(self, name: str, options: Mapping[str, object]) -> Any:
        call = BlockingCall(*self._start(name, options))
        try:
            return call.until()[1]
        finally:
            call.close()


def _plain(path: str, answer: object) -> object:
    if not inspect.isawaitable(answer):
        return answer
    if inspect.iscoroutine(answer):
        answer.close()
    msg = f"{path}: an asynchronous function can be called by digime_sdk.init's SDK only"
    raise TypeError(msg)
