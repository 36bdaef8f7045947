"""A call in plain code: asking the core for the next step until there is a result."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Optional

from ._client import Client, closed, failure
from ._streams import BlockingStreams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._native import Reply


class BlockingClient(Client):
    """A client whose calls return when they are done."""

    def _call(self, name: str, options: Mapping[str, object]) -> Any:
        call, hosts = self._start(name, options)
        streams = BlockingStreams(hosts)
        raised: dict[str, Exception] = {}
        reply: Optional[Reply] = None
        try:
            while True:
                step = call.next_blocking(reply)
                if step[0] == "done":
                    return step[1]
                if step[0] == "failed":
                    raise failure(step[1], raised)
                if step[0] == "closed":
                    raise closed()
                path = step[1]
                try:
                    if step[0] == "read":
                        reply = ("value", streams.read(path) or None)
                    else:
                        reply = ("value", _plain(path, hosts[path](step[2])))
                except Exception as error:
                    raised[path] = error
                    reply = ("failed",)
        finally:
            call.close()
            streams.close()


def _plain(path: str, answer: object) -> object:
    if not inspect.isawaitable(answer):
        return answer
    if inspect.iscoroutine(answer):
        answer.close()
    msg = f"{path}: an asynchronous function can be called by digime_sdk.init's SDK only"
    raise TypeError(msg)
