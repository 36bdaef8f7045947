"""Work that outlives calls whose callers have gone, such as storing new tokens: who waits for it, and how long."""

from __future__ import annotations

import asyncio
import atexit
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Callable, Optional

from . import _bridge as _bridge  # Whose end comes after this one's.
from ._events import Listening, unheard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Mapping

AT_THE_END = 30.0
"""Seconds that the end of the interpreter, or of an event loop, waits for it at most."""

_threads: set[Thread] = set()
_tasks: set[asyncio.Task[None]] = set()
"""The event loop itself remembers no task."""


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
    last = monotonic() + AT_THE_END
    # Another Ctrl-C ends this too.
    with suppress(KeyboardInterrupt):
        for thread in tuple(_threads):
            thread.join(max(0, last - monotonic()))


atexit.register(_before_exit)
