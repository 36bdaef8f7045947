"""The relay: what the platform has done stands in its notes, whatever becomes of who asked for it."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from .pkb import Pkb
from .platforms import digest
from .relay import Relay
from .sandbox import Sandbox
from .serving import serving

_PATIENCE_S = 10
_TOKENS = json.dumps({"access_token": "a1", "refresh_token": "r1"}).encode()


class _LateServer:
    """A platform that has received a request for tokens, and answers it when it is told to."""

    def __init__(self) -> None:
        self.has_come = asyncio.Event()
        self.may_answer = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Sandbox]:
        async with serving(self._answer, "127.0.0.1") as port:
            origin = f"http://127.0.0.1:{port}"
            pkb = {"baseUrl": origin, "clientId": "app", "redirectUris": ["https://app.example/back"], "people": []}
            yield Sandbox(json.dumps({"origin": origin, "pkb": pkb}))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"POST"):
            self.has_come.set()
            await self.may_answer.wait()
        length = f"content-length: {len(_TOKENS)}\r\nconnection: close\r\n\r\n".encode()
        writer.write(b"HTTP/1.1 200 OK\r\n" + length + _TOKENS)
        writer.close()


async def _through(relay: Relay, request: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
    writer.write(request.encode())
    return reader, writer


def test_a_token_that_the_platform_has_exchanged_is_noted_although_who_presented_it_is_gone() -> None:
    """Present a token, leave before the answer, and let everything be collected that nobody refers to."""

    async def play() -> Relay:
        late = _LateServer()
        async with late.running() as sandbox, Relay(Pkb(sandbox)).running() as relay:
            noted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

            async def tell(place: int) -> None:
                noted.set_result(place)

            relay.intervene(tell)
            form = "grant_type=refresh_token&refresh_token=r0"
            head = f"POST /7/apiToken.action HTTP/1.1\r\ncontent-length: {len(form)}\r\n\r\n"
            _, gone = await _through(relay, head + form)
            await late.has_come.wait()
            gone.transport.abort()
            # When another has been served, the relay has seen that the first is gone.
            other, _ = await _through(relay, "GET /8/other HTTP/1.1\r\n\r\n")
            await other.read()
            del gone, other
            gc.collect()
            late.may_answer.set()
            assert await asyncio.wait_for(noted, _PATIENCE_S) == 7
            return relay

    [noted] = asyncio.run(play()).presentations
    assert (noted.place, noted.token, noted.is_granted) == (7, digest("r0"), True)
