"""A call in an asyncio event loop: asking the core for the next step until there is a result."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Optional, TypeVar, Union

from ._bridge import bridge
from ._client import outcome, returned
from ._streams import AsyncStreams

if TYPE_CHECKING:
    from collections.abc import Collection

    from ._client import Reached
    from ._native import Ending, Invoke, NativeCall, Read, Reply

_T = TypeVar("_T")

_closing: set[asyncio.Task[None]] = set()
"""Calls whose callers are gone: the event loop itself remembers no task."""


class AsyncCall:
    """A call under way.

    Whoever waits for it may be cancelled at any time. That drops its request at once; but what the core stores all the
    same, such as the tokens that a refresh has brought, is waited for.
    """

    def __init__(self, native: NativeCall, hosts: dict[str, Any], *, part: Collection[str] = ()) -> None:
        self._native = native
        self._hosts = hosts
        self._part = part
        """The functions that are part of the call, and so cancelled with it."""
        self._streams = AsyncStreams(hosts)
        self._raised: dict[str, Exception] = {}
        self._reply: Optional[Reply] = None
        self._cancelled: Optional[asyncio.CancelledError] = None
        self._ended = False
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    async def until(self, events: Collection[str] = ()) -> Reached:
        """Go on until the call is done, or tells one of these functions something, which is then not called."""
        step = await self._go_on(events)
        if self._cancelled is not None:
            raise self._cancelled
        return outcome(step, self._raised)

    async def close(self) -> None:
        """End the call, and let go of its streams."""
        # First of all, so that a task that is cancelled drops its request at once.
        steps_left = self._native.close() and not self._ended
        try:
            if steps_left:
                await self._go_on()
        finally:
            await self._streams.close()
        if steps_left and self._cancelled is not None:
            raise self._cancelled

    def abandon(self) -> None:
        """End the call for one who cannot wait: the event loop does."""
        if not self._native.close() or self._ended or self._loop is None:
            return
        with suppress(RuntimeError):  # The loop is closed, or the interpreter exits.
            if asyncio._get_running_loop() is self._loop:
                self._close_in(self._loop)
            else:
                self._loop.call_soon_threadsafe(self._close_in, self._loop)

    def _close_in(self, loop: asyncio.AbstractEventLoop) -> None:
        task = loop.create_task(self.close())
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    async def _go_on(self, events: Collection[str] = ()) -> Union[Ending, Invoke]:
        """Answer steps until the last one, or one for these functions."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                asked = self._native.next(bridge(), self._reply)
                self._reply = None
                step = await self._to_its_end(asked)
                if step[0] == "invoke" and step[1] in events:
                    self._reply = ("value", None)
                    return step
                if step[0] == "read" or step[0] == "invoke":
                    await self._answer(step)
                else:
                    # Work may go on that outlives a call that failed: a refresh that takes long, for one.
                    self._ended = step[0] != "failed"
                    return step
        except GeneratorExit:
            # Whoever waits is thrown away, and nothing can be waited for any more.
            self._ended = True
            raise

    async def _answer(self, step: Union[Read, Invoke]) -> None:
        path = step[1]
        self._reply = ("failed",)
        try:
            if step[0] == "read":
                self._reply = ("value", await self._streams.read(path) or None)
            else:
                answer = self._hosts[path](step[2])
                if inspect.isawaitable(answer):
                    part = path in self._part
                    answer = await (answer if part else self._to_its_end(asyncio.ensure_future(answer)))
                self._reply = returned(path, answer)
        except asyncio.CancelledError as error:
            self._cancel(error)
        except Exception as error:
            self._raised.setdefault(path, error)

    async def _to_its_end(self, future: asyncio.Future[_T]) -> _T:
        """Wait for a future, whose work goes on when this is cancelled."""
        while True:
            try:
                return await asyncio.shield(future)
            except asyncio.CancelledError as error:
                if future.cancelled():
                    raise
                self._cancel(error)

    def _cancel(self, error: asyncio.CancelledError) -> None:
        self._cancelled = error
        self._native.close()
