"""A call in plain code: asking the core for the next step until there is a result."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Optional, Union

from ._blocking_carrying import in_threads
from ._client import outcome, returned
from ._closing import aside, at_it, in_a_thread, is_heard, matters, over
from ._opaque import Opaque
from ._streams import BlockingStreams

if TYPE_CHECKING:
    from collections.abc import Collection

    from ._client import Reached, Started
    from ._native import Ending, Invoke, Read, Reply


class BlockingCall:
    """A call under way."""

    def __init__(self, started: Started, *, stores: bool = False) -> None:
        self._started = started
        self._native = started.native
        self._hosts = started.hosts
        self._streams = BlockingStreams(started.hosts)
        self._raised: dict[str, Exception] = {}
        self._reply: Optional[Reply] = None
        self._outlived = matters(started.hosts.open(), stores=stores)
        self._ended = False
        self._is_carried = False

    def until(self, events: Collection[str] = ()) -> Reached:
        """Go on until the call is done, or tells one of these functions something, which is then not called."""
        return outcome(self._go_on(events), self._raised, self._started)

    def close(self) -> None:
        """End the call, and let go of its streams.

        One that was interrupted, by Ctrl-C for one, drops its request at once. What the core stores all the same, such
        as the tokens that a refresh will bring, another thread waits for; but a function that was to be told of those
        at that moment, or was interrupted while it was, is called here. Another interruption ends that too.
        """
        try:
            steps_left = self._native.close() and not self._ended
            self._ended = True
            if steps_left and (self._outlived or is_heard(self._hosts.open())):
                step = None if self._reply else self._native.unanswered()
                if step is not None and step[0] == "invoke":
                    self._answer(step)
                in_a_thread(self.conclude, held=self._outlived)
        finally:
            over(self)
            self._streams.close()

    def stop(self) -> None:
        """End the call from another thread."""
        self._native.close()

    def conclude(self) -> None:
        """Answer what work asks that outlives the call."""
        while True:
            reply, self._reply = self._reply, None
            step = self._native.next_blocking(reply)
            if step[0] == "invoke":
                self._answer(step)
            elif step[0] == "read":
                self._reply = ("failed",)
            else:
                return

    def _go_on(self, events: Collection[str] = ()) -> Union[Ending, Invoke]:
        """Answer steps until the last one, or one for these functions."""
        if self._started.carried is not None and not self._is_carried:
            self._is_carried = True
            self._native.carry(in_threads(self._started.carried))
        if self._outlived:
            at_it(self)
        try:
            while True:
                reply, self._reply = self._reply, None
                step = self._native.next_blocking(reply)
                if step[0] == "invoke" and step[1] in events:
                    self._reply = ("value", None)
                    return step
                if step[0] == "read" or step[0] == "invoke":
                    self._answer(step)
                else:
                    # Work may go on that outlives a call that failed: a refresh that takes long, for one.
                    self._ended = step[0] != "failed"
                    return step
        finally:
            if self._outlived:
                aside(self)

    def _answer(self, step: Union[Read, Invoke]) -> None:
        path = step[1]
        try:
            if step[0] == "read":
                self._reply = ("value", self._streams.read(path) or None)
            else:
                self._reply = returned(path, _plain(path, Opaque(self._hosts.open()[path](step[2].open()))))
        except Exception as error:
            self._reply = ("failed",)
            self._raised.setdefault(path, error)


def _plain(path: str, answer: Opaque[Any]) -> Opaque[Any]:
    if not inspect.isawaitable(answer.open()):
        return answer
    if inspect.iscoroutine(answer.open()):
        answer.open().close()
    msg = f"{path}: only the SDKs for asyncio can call an asynchronous function"
    raise TypeError(msg)
