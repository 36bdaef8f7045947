"""The content of a file that a call answers with, as a stream for asyncio."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Optional

from ._bridge import bridge
from ._native import NativeStream
from ._opaque import Opaque
from ._typing import Self


class ByteStream:
    """The content of a file: iterated over with `async for` in chunks, or read like a file.

    It is downloaded as fast as it is read. Closing it, also by leaving its `async with` block, ends the download, as
    does cancelling a task that waits for it. An error in its midst is raised to whoever reads; what was read before is
    then not to be trusted.
    """

    def __init__(self, hosts: Mapping[str, Any], native: NativeStream) -> None:
        self._hosts = hosts
        """The functions of the configuration, which are told of the stream's events."""
        self._native = native
        self._chunks: deque[bytes] = deque()
        """What has come and is to be read first."""
        self._closed = False
        self._at_end = False

    @property
    def closed(self) -> bool:
        """Whether it was closed, as an error in its midst does too."""
        return self._closed

    @property
    def at_end(self) -> bool:
        """Whether all of it was read."""
        return self._at_end

    async def read(self, size: int = -1, /) -> bytes:
        """Give at most `size` bytes, none at the end; without a size, all that are left."""
        if size < 0:
            parts = Opaque(list[bytes]())
            while True:
                parts.open().append(await self._next())
                if self._at_end:
                    return b"".join(parts.open())
        chunk = await self._next()
        if len(chunk) > size:
            self._chunks.appendleft(chunk[size:])
        return chunk[:size]

    async def aclose(self) -> None:
        """End the download. Reading on is then a `ValueError`, as with files."""
        self._close()
        await self._tell()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if chunk := await self._next():
            return chunk
        raise StopAsyncIteration

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.aclose()

    async def _next(self) -> bytes:
        if self._closed:
            msg = "the stream is closed"
            raise ValueError(msg)
        if not self._chunks:
            try:
                self._chunks.extend(await self._native.next(bridge()))
                if not self._chunks:
                    await self._tell()
            except Exception:
                await self.aclose()
                raise
            except BaseException:
                # Chunks are lost when their reader is cancelled: what would follow is not the file's content.
                self._close()
                raise
        self._at_end = not self._chunks
        return b"" if self._at_end else self._chunks.popleft()

    def _close(self) -> None:
        self._closed = True
        self._native.close()

    async def _tell(self) -> None:
        """Tell of what has become of the stream, when that is over."""
        for step in await self._native.later_steps(bridge()):
            self._hosts[step[1]](step[2].open())
