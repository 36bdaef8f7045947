"""Which functions of an application can be called where: told when they are given, before anything is sent."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from .errors import TypeValidationError

if TYPE_CHECKING:
    from ._opaque import Opaque

_WAITED_FOR_BY_NOBODY = ("on_event", "onEvent", "on_response", "onResponse")
"""How those are spelled that are called in passing, in asyncio too."""


def check_functions(root: str, hosts: Opaque[dict[str, Any]], *, blocking: bool) -> None:
    """Refuse an asynchronous function where nobody waits for it: in plain code, and for what is told in passing.

    Of what merely returns something to wait for, nobody can tell before it is called.
    """
    for path in hosts.open():
        if path in _WAITED_FOR_BY_NOBODY:
            reason = "nobody waits for it"
        elif blocking:
            reason = "only the SDKs for asyncio can use one that is"
        else:
            continue
        if is_asynchronous(hosts.open()[path]):
            where = f"{root}.{path}"
            msg = f"{where}: expected a function that is not asynchronous: {reason}"
            raise TypeValidationError(msg, path=where)


def is_asynchronous(function: Any) -> bool:
    """Whether this is known to return something to wait for: `async def`, or an object that is called by one."""
    while isinstance(function, partial):
        function = function.func
    if not callable(function):
        return False
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)
