"""What becomes of events: lines of the logger `digime_sdk`, and a function of the application that is told of them.

The function is called in a thread of the SDK's own, so that no call waits for it.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, Callable, Optional

from . import _trace_context

if TYPE_CHECKING:
    from ._generated.types import SdkEvent

LOG = logging.getLogger("digime_sdk")
LOG.addHandler(logging.NullHandler())

SPELLINGS = ("on_event", "onEvent")
"""How the function is spelled in a configuration."""

MOST_WAITING = 10_000
"""Of more events than these the oldest are forgotten: a function that is too slow must not fill the memory."""

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
"""The levels of events, from those that happen all the time on, as the core counts them."""


class Listening:
    """Who hears of the events of a client."""

    def __init__(self, hook: Optional[Callable[[Any], object]] = None) -> None:
        self._tell = hook if hook is None or getattr(hook, "takes_no_time", False) else _Telling(hook)

    def least(self) -> int:
        """Give the level from which on anybody wants to hear of events now, beyond all where nobody does."""
        levels = enumerate(_LEVELS.values())
        heard = 0 if self._tell else next((at for at, level in levels if LOG.isEnabledFor(level)), None)
        return len(_LEVELS) if heard is None else heard

    def hears(self) -> bool:
        """Whether anybody wants to hear of any event now."""
        return self.least() < len(_LEVELS)

    def __call__(self, event: SdkEvent) -> None:
        """Tell of an event. What comes of it is nobody's matter."""
        with suppress(Exception):
            level = _LEVELS[event["level"]]
            if LOG.isEnabledFor(level):
                LOG.log(level, "%s", _Line(event))
        with suppress(Exception):
            if self._tell:
                self._tell(event)


class _Line:
    """An event in a line, written when somebody reads it."""

    def __init__(self, event: SdkEvent) -> None:
        self._event = event

    def __str__(self) -> str:
        told: dict[str, Any] = {**self._event}
        kind, call, number = told.pop("type"), told.pop("call", None), told.pop("call_id", None)
        begin = [] if call is None else [f"{call}#{number}"]
        members = [f"{name}={value}" for name, value in told.items() if name not in ("at", "level")]
        return " ".join([*begin, kind, *members])


class _Telling:
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


def unheard(_: object) -> None:
    """Stand where no function was given, so that the core tells of what it would be told."""


def heard(path: str, host: Any) -> Any:
    """Give what the core's question for a function of the configuration is put to."""
    if path in _trace_context.SPELLINGS:
        return _trace_context.in_time(host)
    if path not in SPELLINGS:
        return host
    if host is unheard:
        return Listening()
    return Listening(host)
