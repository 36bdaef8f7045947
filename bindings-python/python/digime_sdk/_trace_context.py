"""How a function is asked of which trace an attempt at a request is: in asyncio for a second, and whatever it does."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Callable, Optional

from ._opaque import Opaque

SPELLINGS = ("trace_context", "traceContext")
"""How the function is spelled in a configuration."""

LONGEST = 1.0
"""How long a request waits for it, in seconds. Its call asks for nothing else meanwhile."""

_MEMBERS = ("traceparent", "tracestate")


def in_time(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give the function, which answers in time and with what is asked for, or with nothing."""

    def ask(attempt: object) -> Any:
        with suppress(Exception):
            answer = Opaque(hook(attempt))
            return _awaited(answer.open()) if inspect.isawaitable(answer.open()) else _plain(answer)
        return None

    return ask


async def _awaited(answer: Awaitable[object]) -> Optional[dict[str, object]]:
    with suppress(Exception):
        return _plain(Opaque(await asyncio.wait_for(answer, LONGEST)))
    return None


def _plain(answer: Opaque[Any]) -> Optional[dict[str, object]]:
    """Give what is asked for, read where it does no harm that reading fails."""
    given = answer.open()
    return None if given is None else {name: given[name] for name in _MEMBERS if name in given}
