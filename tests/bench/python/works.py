"""The works in asyncio: how often, how many at once, and how each is warmed up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

from measured import Figures, measured
from task import DOCUMENT, MEBIBYTE, PUSHED, SIZE, WORK, Zeros, check, parameters
from waiting import SESSIONS, WAITING, Waited


class Client(Protocol):
    """An application, with a method for each kind of call that is measured. The SDK's also has `refused`."""

    async def authorize(self) -> object:
        """Ask where to send a person."""

    async def exchange(self) -> None:
        """Exchange a code."""

    async def push(self, content: bytes) -> None:
        """Push a file."""

    async def read(self, session_key: str, on_file: Callable[[str, bytes], None]) -> None:
        """Read all files of a session."""

    async def upload(self, content: Zeros) -> None:
        """Upload a stream."""

    def download(self, mebibytes: int) -> AsyncIterator[bytes]:
        """Download a stream."""
        ...

    def search(self, parameters: dict[str, str]) -> AsyncIterator[Any]:
        """Search for observations, page by page."""
        ...


async def run(begin: Callable[[], Client]) -> None:
    """Do the work that the command line names, and print its figures. `begin` makes the application that does it."""
    if WORK == "start":
        # Its time is taken by who has started it.
        await begin().authorize()
        return
    if WORK == "init":
        figures = await measured(SIZE, lambda: _repeat(SIZE, 1, lambda: _begun(begin)))
    else:
        figures = await (measured(1, lambda: _first(begin)) if WORK in {"cold", "callback"} else _warm(begin()))
    print(json.dumps(figures))


async def _begun(begin: Callable[[], Client]) -> None:
    begin()


async def _first(begin: Callable[[], Client]) -> None:
    """From before there is a client to the token of a user."""
    client = begin()
    if WORK == "cold":
        await client.authorize()
    await client.exchange()


async def _warm(client: Client) -> Figures:
    """After a tenth of it to warm up."""
    if WORK not in WAITING:
        await (_read(client, "files-1", 1) if WORK == "large" else _do(client, -(-SIZE // 10)))
    return await measured(SIZE, lambda: _do(client, SIZE))


async def _do(client: Client, size: int) -> Figures | None:
    if WORK == "read":
        await _read(client, f"files-{size}", size)
    elif WORK == "documents":
        await _read(client, f"documents-{size}", size)
    elif WORK == "large":
        await _read(client, "large", 1)
    elif WORK == "upload":
        await client.upload(Zeros(size))
    elif WORK == "download":
        return await _download(client, size)
    elif WORK in WAITING:
        return await _wait(client)
    elif WORK == "search":
        found = client.search(parameters(size))
        check("pages", size, len([page async for page in found if page["entry"]]))
    elif WORK in ("push", "push16", "document"):
        content = DOCUMENT if WORK == "document" else PUSHED
        await _repeat(size, 16 if WORK == "push16" else 1, lambda: client.push(content))
    else:
        await _repeat(size, 1, getattr(client, WORK))
    return None


async def _repeat(count: int, at_once: int, call: Callable[[], Awaitable[object]]) -> None:
    calls = iter(range(count))

    async def task() -> None:
        for _ in calls:
            await call()

    await asyncio.gather(*(task() for _ in range(at_once)))


async def _read(client: Client, session_key: str, expected: int) -> None:
    sizes: list[int] = []
    await client.read(session_key, lambda _, content: sizes.append(len(content)))
    check("files", expected, len(sizes))


async def _wait(client: Client) -> Figures:
    waited = Waited()

    async def read(session: str) -> None:
        await client.read(session, lambda name, _: waited.note(session, name))

    await asyncio.gather(*(read(session) for session in SESSIONS))
    return waited.figures()


async def _download(client: Client, mebibytes: int) -> Figures:
    chunks = size = 0
    async for chunk in client.download(mebibytes):
        chunks += 1
        size += len(chunk)
    check("bytes", mebibytes * MEBIBYTE, size)
    return {"chunkBytes": size / chunks}
