"""Work that outlives calls whose callers have gone, such as storing new tokens: who waits for it, and how long."""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Callable, Optional, Protocol

from ._bridge import settle  # Whose end comes after this one's.
from ._events import Listening, unheard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Mapping

AT_THE_END = 30.0
"""Seconds that the end of the interpreter, or of an event loop, waits for it at most."""


class Stoppable(Protocol):
    """A call in plain code that work may outlive."""

    def stop(self) -> None:
        """End it from another thread. Whoever makes it answers what work asks that outlives it, and is told then."""
        ...

    def conclude(self) -> None:
        """Answer that in place of whoever makes it, who is at something else."""
        ...


class Unfinished(Protocol):
    """A call of which work outlives it, in an event loop."""

    def stop(self) -> None:
        """End it from another thread. Its task answers what work asks that outlives it, and is told then."""
        ...

    def is_left(self) -> bool:
        """Whether nothing that it waits for could come in its event loop any more, if that is closed."""
        ...

    async def conclude_elsewhere(self) -> None:
        """Go on with that work in the event loop that is running."""
        ...


_threads: set[Thread] = set()
_tasks: set[asyncio.Task[None]] = set()
"""The event loop itself remembers no task."""
_unfinished: dict[Unfinished, asyncio.AbstractEventLoop] = {}
_made: dict[Stoppable, bool] = {}
"""Calls in plain code, and whether their threads are at them now, or at what they gave."""
_news = Condition()
"""That a call is over, at the end of the interpreter."""
_is_exiting = False


def matters(hosts: Mapping[str, Any], *, stores: bool) -> bool:
    """Whether anybody but the core hears of what comes of it: a store, or a function."""
    return stores or any(
        callable(host) and host is not unheard and not isinstance(host, Listening) for host in hosts.values()
    )


def is_heard(hosts: Mapping[str, Any]) -> bool:
    """Whether anybody hears of events, for which nothing is held up."""
    return any(isinstance(host, Listening) and host.hears() for host in hosts.values())


def in_a_thread(work: Callable[[], None], *, held: bool) -> None:
    """Do the work in a thread of its own, with the caller's context; `held` if the interpreter is not to end before."""

    def run() -> None:
        try:
            work()
        finally:
            _threads.discard(thread)

    thread = Thread(target=copy_context().run, args=(run,), name="digime-sdk-closing", daemon=True)
    if held:
        _threads.add(thread)
    try:
        thread.start()
    except RuntimeError:  # The interpreter exits.
        _threads.discard(thread)


def in_passing(loop: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do the work in a task of its own, which the end of the loop ends."""
    task = loop.create_task(work())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def begin(call: Unfinished, loop: asyncio.AbstractEventLoop) -> None:
    """Remember a call, whose work is not to be lost with its event loop."""
    _unfinished[call] = loop


def finish(call: Unfinished) -> None:
    """Forget a call of which nothing is left."""
    _unfinished.pop(call, None)
    _tell()


def at_it(call: Stoppable) -> None:
    """Remember that a thread is at a call in plain code."""
    _made[call] = True


def aside(call: Stoppable) -> None:
    """Remember that it is at something else."""
    if call in _made:
        _made[call] = False
    _tell()


def over(call: Stoppable) -> None:
    """Forget a call in plain code."""
    _made.pop(call, None)
    _tell()


def _tell() -> None:
    if _is_exiting:
        with _news:
            _news.notify_all()


def _stop_others(last: float) -> None:
    """End what daemon threads are at, and wait for the work that outlives it."""
    global _is_exiting
    _is_exiting = True
    made = dict(_made)
    unfinished = [call for call, loop in tuple(_unfinished.items()) if loop.is_running()]
    for call, is_at_it in made.items():
        call.stop()
        if not is_at_it:
            in_a_thread(call.conclude, held=True)
    for asynchronous in unfinished:
        asynchronous.stop()

    def are_over() -> bool:
        return not any(_made.get(call) for call in made) and not any(call in _unfinished for call in unfinished)

    with _news:
        _news.wait_for(are_over, max(0, last - monotonic()))


def take_over() -> None:
    """Go on, in threads, with what event loops were at that were closed and did not end their tasks before."""
    for call, loop in tuple(_unfinished.items()):
        if loop.is_closed() and call.is_left() and _unfinished.pop(call, None) is not None:
            in_a_thread(partial(_concluded, call), held=True)


def _concluded(call: Unfinished) -> None:
    asyncio.run(call.conclude_elsewhere())


def in_a_task(loop: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do the work in a task of its own. Cancelled, as by the end of the loop, it goes on from where it stands."""
    begun = False

    async def run() -> None:
        nonlocal begun
        begun = True
        last: Optional[float] = None
        while True:
            try:
                await asyncio.wait_for(work(), None if last is None else last - monotonic())
            except asyncio.TimeoutError:
                pass
            except asyncio.CancelledError:
                last = last or monotonic() + AT_THE_END
                continue
            break
        with suppress(StopAsyncIteration, RuntimeError):  # The loop is ending it.
            await guard.__anext__()

    def ended(task: asyncio.Task[None]) -> None:
        _tasks.discard(task)
        if task.cancelled() and not begun:
            # The loop has ended before the first line of it, of which nothing can be caught.
            in_a_task(loop, work)

    task = loop.create_task(run())
    guard = _held_open_for(task)
    with suppress(StopIteration):  # It has come to its `yield`.
        guard.__anext__().__await__().__next__()
    _tasks.add(task)
    task.add_done_callback(ended)


async def _held_open_for(task: asyncio.Task[None]) -> AsyncGenerator[None, None]:
    """Hold the end of an event loop up: it ends its generators after the tasks that it knew, and waits for them."""
    try:
        yield
    except GeneratorExit:
        await asyncio.wait([task], timeout=AT_THE_END)
        raise


def _before_exit() -> None:
    settle()
    take_over()
    last = monotonic() + AT_THE_END
    # Another Ctrl-C ends this too.
    with suppress(KeyboardInterrupt):
        _stop_others(last)
        for thread in tuple(_threads):
            thread.join(max(0, last - monotonic()))


atexit.register(_before_exit)
if sys.platform != "win32":
    # What a parent has begun is not a forked child's to end.
    os.register_at_fork(after_in_child=_unfinished.clear)
    os.register_at_fork(after_in_child=_made.clear)
