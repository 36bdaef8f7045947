"""The bridge of each event loop: how what the core has done on its own threads comes back to the loop."""

from __future__ import annotations

import asyncio
import atexit
import os
import sys
from contextlib import suppress
from weakref import WeakKeyDictionary

from ._native import Bridge, after_fork, before_exit, before_fork

_bridges: WeakKeyDictionary[asyncio.AbstractEventLoop, Bridge] = WeakKeyDictionary()
atexit.register(before_exit)
if sys.platform != "win32":
    # Nothing comes through a parent's bridge to a forked child, which may use its parent's event loop all the same.
    os.register_at_fork(after_in_child=_bridges.clear)
    os.register_at_fork(before=before_fork, after_in_parent=after_fork, after_in_child=after_fork)


def bridge() -> Bridge:
    """Give the bridge of the event loop that is running."""
    loop = asyncio.get_running_loop()
    known = _bridges.get(loop)
    if known is None:
        known = _bridges[loop] = Bridge(loop)
    return known


def settle() -> None:
    """Hand over what has come for event loops that are closed, and so will not ask for it."""
    for loop, known in tuple(_bridges.items()):
        if loop.is_closed():
            with suppress(RuntimeError):  # That nobody can be told in it.
                known()
