"""How a function of the application is told of events: in a thread of the SDK's own, so that no call waits for it."""

from __future__ import annotations

import inspect
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any, Callable

from .errors import TypeValidationError

SPELLINGS = ("on_event", "onEvent")
"""How the function is spelled in a configuration."""

MOST_WAITING = 10_000
"""Of more events than these the oldest are forgotten: a function that is too slow must not fill the memory."""


class Telling:
    """Tells a function of events, of one after the other. What it raises is nobody's matter."""

    def __init__(self, hook: Callable[[Any], object]) -> None:
        self._hook = hook
        self._begin()

    def __call__(self, event: object) -> None:
        if self._process != os.getpid():
            # A forked child has no thread of its parent's.
            self._begin()
        self._waiting.append((copy_context(), event))
        with suppress(RuntimeError):  # The interpreter exits.
            self._thread.submit(self._tell)

    def _begin(self) -> None:
        self._process = os.getpid()
        self._waiting: deque[tuple[Context, object]] = deque(maxlen=MOST_WAITING)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="digime-sdk-events")

    def _tell(self) -> None:
        with suppress(IndexError):
            context, event = self._waiting.popleft()
            context.run(self._hook, event)


def heard(path: str, host: Any) -> Any:
    """Give what the core's question for a function of the configuration is put to."""
    if path not in SPELLINGS or not callable(host):
        return host
    if inspect.iscoroutinefunction(host):
        path = f"config.{path}"
        msg = f"{path}: expected a function that is not asynchronous, since it is called in a thread of its own"
        raise TypeValidationError(msg, path=path)
    return Telling(host)
