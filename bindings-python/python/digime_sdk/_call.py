"""A call in an asyncio event loop: asking the core for the next step until there is a result."""

from __future__ import annotations

import asyncio
import atexit
import inspect
import os
import sys
from typing import TYPE_CHECKING, Any, Optional
from weakref import WeakKeyDictionary

from ._client import Client, closed, failure
from ._native import Bridge, before_exit
from ._streams import AsyncStreams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._native import Reply

_bridges: WeakKeyDictionary[asyncio.AbstractEventLoop, Bridge] = WeakKeyDictionary()
atexit.register(before_exit)
if sys.platform != "win32":
    # Nothing comes through a parent's bridge to a forked child, which may use its parent's event loop all the same.
    os.register_at_fork(after_in_child=_bridges.clear)


class AsyncClient(Client):
    """A client whose calls are coroutines."""

    async def _call(self, name: str, options: Mapping[str, object]) -> Any:
        call, hosts = self._start(name, options)
        streams = AsyncStreams(hosts)
        raised: dict[str, Exception] = {}
        reply: Optional[Reply] = None
        bridge = _bridge()
        try:
            while True:
                step = await call.next(bridge, reply)
                if step[0] == "done":
                    return step[1]
                if step[0] == "failed":
                    raise failure(step[1], raised)
                if step[0] == "closed":
                    raise closed()
                path = step[1]
                try:
                    if step[0] == "read":
                        reply = ("value", await streams.read(path) or None)
                    else:
                        answer = hosts[path](step[2])
                        reply = ("value", await answer if inspect.isawaitable(answer) else answer)
                except Exception as error:
                    raised[path] = error
                    reply = ("failed",)
        finally:
            # First of all, so that a task that is cancelled drops its request at once.
            call.close()
            await streams.close()


def _bridge() -> Bridge:
    loop = asyncio.get_running_loop()
    bridge = _bridges.get(loop)
    if bridge is None:
        bridge = _bridges[loop] = Bridge(loop)
    return bridge
