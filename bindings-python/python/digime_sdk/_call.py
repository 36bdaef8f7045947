"""A call in an asyncio event loop: asking the core for the next step until there is a result."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Optional, Union

from ._async_carrying import in_tasks
from ._bridge import bridge
from ._client import outcome, returned
from ._closing import begin, finish, in_a_task, in_passing, is_heard, matters
from ._opaque import Opaque
from ._streams import AsyncStreams

if TYPE_CHECKING:
    from collections.abc import Collection

    from ._client import Reached, Started
    from ._native import Ending, Invoke, Read, Reply, Step


AT_ONCE = 0.02
"""Seconds that a stream may take to give its next chunk before anybody wonders whether the call is still there."""


class AsyncCall:
    """A call under way.

    Whoever waits for it may be cancelled at any time. That drops its request at once. What the core stores all the
    same, such as the tokens that a refresh will bring, another task of the event loop waits for.
    """

    def __init__(self, started: Started, *, part: Collection[str] = (), stores: bool = False) -> None:
        self._started = started
        self._native = started.native
        self._hosts = started.hosts
        self._part = part
        """The functions that are part of the call, and so cancelled with it."""
        self._streams = AsyncStreams(started.hosts)
        self._raised: dict[str, Exception] = {}
        self._reply: Optional[Reply] = None
        self._asked: Optional[asyncio.Future[Step]] = None
        """The next step, which comes also when nobody waits for it any more."""
        self._answered: Optional[tuple[str, Opaque[asyncio.Future[Any]]]] = None
        """A function that is at work, by its path, also when nobody waits for it any more."""
        self._step: Optional[Step] = None
        """The step that came last."""
        self._outlived = matters(started.hosts.open(), stores=stores)
        self._ended = False
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    async def until(self, events: Collection[str] = ()) -> Reached:
        """Go on until the call is done, or tells one of these functions something, which is then not called."""
        return outcome(await self._go_on(events), self._raised, self._started)

    async def close(self) -> None:
        """End the call, and let go of its streams."""
        # First of all, so that a task that is cancelled drops its request at once.
        steps_left = (self._native.close() or self._asked is not None) and not self._ended
        self._ended = True
        if not steps_left and not (self._loop and self._loop.is_closed()):
            finish(self)
        if steps_left and self._outlived:
            in_a_task(asyncio.get_running_loop(), self._conclude)
        elif steps_left and is_heard(self._hosts.open()):
            in_passing(asyncio.get_running_loop(), self._conclude)
        await self._streams.close()

    def abandon(self) -> None:
        """End the call for one who cannot wait: the event loop does."""
        if not self._native.close() or self._ended or self._loop is None:
            finish(self)
            return
        with suppress(RuntimeError):  # The loop is closed, or the interpreter exits.
            if asyncio._get_running_loop() is self._loop:
                in_a_task(self._loop, self.close)
            else:
                self._loop.call_soon_threadsafe(in_a_task, self._loop, self.close)

    async def _go_on(self, events: Collection[str] = ()) -> Union[Ending, Invoke]:
        """Answer steps until the last one, or one for these functions."""
        if self._started.carried is not None and self._loop is None:
            self._native.carry(in_tasks(self._started.carried))
        self._loop = asyncio.get_running_loop()
        if self._outlived:
            begin(self, self._loop)
        try:
            while True:
                step = await self._next()
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

    def stop(self) -> None:
        """End the call from another thread."""
        self._native.close()

    def is_left(self) -> bool:
        """Whether nothing that it waits for could come in its event loop any more, if that is closed."""
        return self._asked is None or self._asked.done()

    async def conclude_elsewhere(self) -> None:
        """Go on with the work that outlives the call. A function that was at work is called anew."""
        self._native.close()
        self._ended = True
        self._loop = asyncio.get_running_loop()
        step = None if self._answered is None else self._step
        if self._asked is not None:
            step = self._asked.result()
        self._asked = self._answered = None
        if step is None or await self._outlive(step):
            await self._conclude()

    async def _conclude(self) -> None:
        """Answer what work asks that outlives the call, going on where a task that was cancelled has left off."""
        if self._answered is not None:
            await self._await_answer(*self._answered)
        while await self._outlive(await self._next()):
            pass
        finish(self)

    async def _outlive(self, step: Step) -> bool:
        """Answer a step of work that outlives the call; tell whether there may be another."""
        if step[0] == "invoke" and step[1] not in self._part:
            await self._answer(step)
        elif step[0] == "read" or step[0] == "invoke":
            self._reply = ("failed",)
        else:
            return False
        return True

    async def _next(self) -> Step:
        if self._asked is None:
            self._asked = self._native.next(bridge(), self._reply)
            self._reply = None
        # A step that comes while this is cancelled is there for who goes on.
        step = await asyncio.shield(self._asked)
        self._asked, self._step = None, step
        return step

    async def _answer(self, step: Union[Read, Invoke]) -> None:
        path = step[1]
        self._reply = ("failed",)
        try:
            if step[0] == "read":
                await self._read(path)
                return
            answer = Opaque(self._hosts.open()[path](step[2].open()))
            if inspect.isawaitable(answer.open()):
                if path not in self._part:
                    self._answered = path, Opaque(asyncio.ensure_future(answer.open()))
                    await self._await_answer(*self._answered)
                    return
                answer = Opaque(await answer.open())
            self._reply = returned(path, answer)
        except Exception as error:
            self._raised.setdefault(path, error)

    async def _read(self, path: str) -> None:
        """Read a stream, unless the call is over before that gives anything."""
        # A future shows its result.
        reading = Opaque(asyncio.ensure_future(self._streams.read(path)))
        try:
            # Nobody is asked about a chunk that is there, or as good as there.
            await asyncio.wait((reading.open(),), timeout=AT_ONCE)
            if not reading.open().done():
                await asyncio.wait(
                    (reading.open(), self._native.overtaken(bridge())), return_when=asyncio.FIRST_COMPLETED
                )
            if reading.open().done():
                self._reply = ("value", reading.open().result() or None)
        finally:
            if not reading.open().done():
                reading.open().cancel()
                await asyncio.wait((reading.open(),))

    async def _await_answer(self, path: str, answer: Opaque[asyncio.Future[Any]]) -> None:
        """Wait for a function, which goes on when this is cancelled."""
        try:
            self._reply = returned(path, Opaque(await asyncio.shield(answer.open())))
        except Exception as error:
            self._raised.setdefault(path, error)
        finally:
            if answer.open().done():
                self._answered = None
