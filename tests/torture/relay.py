"""The way of each worker to the token endpoint: who presented which refresh token when, and what came back when."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .sandbox import Sandbox


@dataclass(frozen=True)
class Issued:
    """The digests of tokens that came."""

    access_token: str
    refresh_token: str


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
    """A server on the way to the token endpoint, with a path for each worker."""

    def __init__(self, sandbox: Sandbox, host: str = "127.0.0.1") -> None:
        self.presentations: list[Presentation] = []
        self._platform = urlsplit(sandbox.base_url)
        self._host = host
        self.port = 0
        self._intervention: Callable[[int], Awaitable[None]] | None = None

    def token_url(self, place: int) -> str:
        """Give the address at which the worker in this place finds the token endpoint."""
        return f"http://{self._host}:{self.port}/{place}/apiToken.action"

    def intervene(self, intervention: Callable[[int], Awaitable[None]]) -> None:
        """Let something happen between the platform's next answer and the worker's socket, whose place it is told."""
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
        server = await asyncio.start_server(self._serve, self._host, 0)
        self.port = server.sockets[0].getsockname()[1]
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
        form = parse_qs(body.decode())
        is_code = "code" in form
        token = _digest(form.get("code" if is_code else "refresh_token", [""])[0])
        issued = _issued(answer)
        self.presentations.append(Presentation(token, place, presented, time.monotonic(), issued, is_code))


def _issued(answer: bytes) -> Issued | None:
    if not answer.startswith(b"HTTP/1.1 200"):
        return None
    tokens = json.loads(answer.partition(b"\r\n\r\n")[2])
    return Issued(_digest(tokens["access_token"]), _digest(tokens["refresh_token"]))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
