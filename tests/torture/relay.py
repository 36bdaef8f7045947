"""The way of each worker to the token endpoint: who presented which refresh token when, and what came back when."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .sandbox import Sandbox


@dataclass(frozen=True)
class Presentation:
    """A refresh token that was presented. Times are seconds of one clock, that of the relay."""

    token: str
    """Its digest."""
    place: int
    """The place of the worker that presented it."""
    presented: float
    answered: float
    is_granted: bool
    """Whether new tokens came for it."""


class Relay:
    """A server on the way to the token endpoint, with a path for each worker."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.presentations: list[Presentation] = []
        self._platform = urlsplit(sandbox.base_url)
        self._port = 0
        self._intervention: Callable[[int], Awaitable[None]] | None = None

    def token_url(self, place: int) -> str:
        """Give the address at which the worker in this place finds the token endpoint."""
        return f"http://127.0.0.1:{self._port}/{place}/apiToken.action"

    def intervene(self, intervention: Callable[[int], Awaitable[None]]) -> None:
        """Let something happen between the platform's next answer and the worker's socket, whose place it is told."""
        self._intervention = intervention

    def repeated(self) -> list[tuple[Presentation, Presentation]]:
        """Give the tokens that were presented when they had been granted already: how they first were, and then."""
        first: dict[str, Presentation] = {}
        repeated: list[tuple[Presentation, Presentation]] = []
        for each in sorted(self.presentations, key=lambda each: each.answered):
            if each.token in first:
                repeated.append((first[each.token], each))
            elif each.is_granted:
                first[each.token] = each
        return repeated

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Relay]:
        """Serve until the end of the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A worker may be gone, or may break off what it must not send any more.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._pass_on(reader, writer)
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = [line for line in head[1:] if line]
        lengths = [int(line.split(":")[1]) for line in headers if line.lower().startswith("content-length:")]
        body = await reader.readexactly(lengths[0])
        presented = time.monotonic()
        method, path, _ = head[0].split(" ")
        place = int(path.split("/")[1])
        answer = await self._ask(method, headers, body)
        self._note(place, body, presented, answer)
        intervention, self._intervention = self._intervention, None
        if intervention is not None:
            await intervention(place)
        writer.write(answer)
        await writer.drain()

    async def _ask(self, method: str, headers: list[str], body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._platform.hostname, self._platform.port)
        kept = [line for line in headers if line.split(":")[0].lower() not in {"connection", "host"}]
        lines = [f"{method} /apiToken.action HTTP/1.1", f"host: {self._platform.netloc}", "connection: close", *kept]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        answer = await reader.read()
        writer.close()
        return answer

    def _note(self, place: int, body: bytes, presented: float, answer: bytes) -> None:
        token = parse_qs(body.decode()).get("refresh_token", [""])[0]
        is_granted = answer.startswith(b"HTTP/1.1 200")
        digest = hashlib.sha256(token.encode()).hexdigest()
        self.presentations.append(Presentation(digest, place, presented, time.monotonic(), is_granted))
