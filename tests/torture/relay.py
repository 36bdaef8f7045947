"""The way of each worker to the platform: who presented which refresh token when, and what came back when."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from .platforms import Issued, Platform, Presented
from .serving import serving


@dataclass(frozen=True)
class Presentation:
    """A refresh token, or a code, that was presented. Times are seconds of one clock, that of the relay."""

    token: str
    """Its digest."""
    place: int
    """The place of the worker that presented it."""
    presented: float
    answered: float
    issued: Issued | None
    """What came for it, if anything did."""
    is_code: bool

    @property
    def is_granted(self) -> bool:
        """Whether new tokens came for it."""
        return self.issued is not None


class Relay:
    """A server on the way to the platform, with a path for each worker; what is not for tokens it passes on unseen."""

    def __init__(self, *platforms: Platform, host: str = "127.0.0.1") -> None:
        self.presentations: list[Presentation] = []
        self._platforms = platforms
        self._sandbox = urlsplit(platforms[0].sandbox.origin)
        self._host = host
        self.port = 0
        self._intervention: Callable[[int], Awaitable[None]] | None = None

    def address(self, place: int) -> str:
        """Give the address at which the worker in this place reaches the platform."""
        return f"http://{self._host}:{self.port}/{place}"

    def intervene(self, intervention: Callable[[int], Awaitable[None]]) -> None:
        """Let something happen between the platform's next answer with tokens and a worker, whose place it is told."""
        self._intervention = intervention

    def repeated(self) -> list[tuple[Presentation, Presentation]]:
        """Give the refresh tokens that were presented when they had been granted: how they first were, and then."""
        first: dict[str, Presentation] = {}
        repeated: list[tuple[Presentation, Presentation]] = []
        for each in sorted((each for each in self.presentations if not each.is_code), key=lambda each: each.answered):
            if each.token in first:
                repeated.append((first[each.token], each))
            elif each.is_granted:
                first[each.token] = each
        return repeated

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Relay]:
        """Serve until the end of the block."""
        async with serving(self._serve, self._host) as self.port:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A worker may be gone, or may break off what it must not send any more.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._pass_on(reader, writer)
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        fields = [line.partition(":") for line in lines]
        headers = {name.lower(): value.strip() for name, _, value in fields}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        at = time.monotonic()
        method, target, version = first.split(" ")
        _, place, path = target.split("/", 2)
        if not place.isdecimal():
            # Of no worker's own: the keys of the platform, whose address it gives as it is reached.
            writer.write(await self._ask(first, lines, body))
            return
        path = f"/{path}"
        answer = await self._ask(f"{method} {path} {version}", lines, body)
        for platform in self._platforms:
            if presented := platform.presented(path, headers, body):
                self._note(int(place), platform, presented, at, answer)
                await self._let_intervene(int(place))
        writer.write(answer)
        await writer.drain()

    async def _let_intervene(self, place: int) -> None:
        intervention, self._intervention = self._intervention, None
        if intervention is not None:
            await intervention(place)

    async def _ask(self, first: str, lines: list[str], body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._sandbox.hostname, self._sandbox.port)
        kept = [line for line in lines if line.split(":")[0].lower() not in {"connection", "host"}]
        told = [f"host: {self._host}:{self.port}", "x-forwarded-proto: http", "connection: close"]
        writer.write("\r\n".join([first, *told, *kept, "", ""]).encode() + body)
        answer = await reader.read()
        writer.close()
        return answer

    def _note(self, place: int, platform: Platform, presented: Presented, at: float, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        issued = platform.issued(body) if head.startswith(b"HTTP/1.1 200") else None
        self.presentations.append(Presentation(presented.token, place, at, time.monotonic(), issued, presented.is_code))
