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


def settle() -> bool:
    """Hand over what has come for event loops that were closed, and will not ask for it; tell whether any were."""
    closed = [loop for loop in tuple(_bridges) if loop.is_closed()]
    for loop in closed:
        known = _bridges.pop(loop, None)
        if known is not None:
            with suppress(RuntimeError):  # That nobody can be told in it.
                known()
    return bool(closed)
