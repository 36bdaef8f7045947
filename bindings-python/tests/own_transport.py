"""A transport of the application's own in either flavour, of a function that answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Callable

import digime_sdk
from digime_sdk import blocking
from platform_double import ACCOUNT

FLAVOURS = ("asyncio", "blocking")
JSON = [("content-type", "application/json")]
ACCOUNTS = json.dumps([ACCOUNT]).encode()
Answer = Callable[[Any], Any]
"""Makes the answer to a request, in plain code, or raises."""


def response(flavour: str, *args: Any, **named: Any) -> Any:
    """Make an answer as a flavour has it."""
    return (digime_sdk if flavour == "asyncio" else blocking).TransportResponse(*args, **named)


def transport(flavour: str, answer: Answer) -> Any:
    """Make a transport that answers."""
    if flavour == "blocking":
        return answer

    async def send(request: digime_sdk.TransportRequest) -> Any:
        return answer(request)

    return send


def run(flavour: str, answer: Answer, call: str, options: Any, **config: Any) -> Any:
    """Make a call by a transport that answers."""
    given: Any = {"application_id": "app", "retry_options": {"limit": 0}, **config}
    own = transport(flavour, answer)
    if flavour == "blocking":
        return getattr(blocking.init(**given, transport=own), call)(**options)
    return asyncio.run(getattr(digime_sdk.init(**given, transport=own), call)(**options))


async def read_whole(body: Any) -> bytes:
    """Read a body to its end."""
    return b"".join([chunk async for chunk in body])
