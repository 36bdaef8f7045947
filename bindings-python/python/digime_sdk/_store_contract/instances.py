"""Instances of a store as processes have them that share it, and what they are asked."""

from __future__ import annotations

import asyncio
import copy
import inspect
import threading
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Optional, TypeVar

from .operations import INSTANCES
from .promises import BrokenPromise
from .records import Record, brief, brief_id

_NAMES = "abc"
_LONGEST = 30.0
"""How many seconds a call may take while its database is there."""

_T = TypeVar("_T")


class Instances:
    """As many as take turns. Functions that are no coroutine functions are called by threads, as in plain code."""

    def __init__(
        self, open_store: Callable[[], Any], close_store: Optional[Callable[[Any], Any]], threads: ThreadPoolExecutor
    ) -> None:
        self._open = open_store
        self._close = close_store
        self._threads = threads
        self._stores: list[Any] = []

    async def open(self) -> None:
        """Open them."""
        for _ in range(INSTANCES):
            self._stores.append(await self.run(self._open))

    async def close(self) -> None:
        """Let go of them."""
        stores, self._stores = self._stores, []
        for store in stores:
            if self._close is not None:
                await self.run(self._close, store)

    def has(self, method: str) -> bool:
        """Say whether the store has a method that it need not have."""
        return hasattr(self._stores[0], method)

    def call(self, by: int, method: str, told: Record) -> Any:
        """Give what a function of an instance answers in this thread."""
        return getattr(self._stores[by], method)(copy.deepcopy(told))

    async def ask(self, by: int, method: str, told: Record, start: Optional[threading.Barrier] = None) -> Any:
        """Give what an instance answers, whenever it does; by a thread, when as many are there as `start` waits for."""
        called = getattr(self._stores[by], method)
        # A store is given a record to keep, which nobody else changes.
        return await self.run(called, copy.deepcopy(told), start=start)

    def is_blocking(self, by: int, method: str) -> bool:
        """Say whether a thread is needed for a call."""
        return not inspect.iscoroutinefunction(getattr(self._stores[by], method))

    async def run(self, function: Callable[..., Any], *told: Any, start: Optional[threading.Barrier] = None) -> Any:
        """Run a function of the test's, of whichever kind."""
        if inspect.iscoroutinefunction(function):
            return await function(*told)

        def call() -> Any:
            if start is not None:
                start.wait(_LONGEST)
            return function(*told)

        answer = await asyncio.get_running_loop().run_in_executor(self._threads, call)
        return await answer if inspect.isawaitable(answer) else answer


def shown(by: int, method: str, told: Record) -> str:
    """Give a call as it stands in the list of calls."""
    record = told.get("link") or told.get("attempt")
    if record is None:
        briefly = {name: brief_id(value) for name, value in told.items()}
        return f"{_NAMES[by]}.{method}({briefly!r})"
    name = "link" if "link" in told else "attempt"
    return f'{_NAMES[by]}.{method}({{"{name}": {brief(record)}, "expected_version": {told["expected_version"]}}})'


async def in_time(answer: Awaitable[_T], call: Callable[[], str], calls: list[str]) -> _T:
    """Give what is answered, or raise an error that says that nothing was."""
    waiting = asyncio.ensure_future(answer)
    done, _ = await asyncio.wait([waiting], timeout=_LONGEST)
    if not done:
        waiting.cancel()
        found = f"{call()} has not answered for {_LONGEST:.0f} s."
        raise BrokenPromise("works", found, calls)
    return waiting.result()
