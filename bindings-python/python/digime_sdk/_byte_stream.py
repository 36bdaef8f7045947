"""The content of a file that a call answers with, as a stream for asyncio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._bridge import bridge

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ._native import NativeStream


class ByteStream:
    """The content of a file: iterated over with `async for` in chunks, or read like a file.

    It is downloaded as fast as it is read. Closing it, also by leaving its `async with` block, ends the download, as
    does cancelling a task that waits for it. An error in its midst is raised to whoever reads; what was read before is
    then not to be trusted.
    """

    def __init__(self, native: NativeStream) -> None:
        self._native = native
        self._rest = b""
        self._closed = False

    async def read(self, size: int = -1, /) -> bytes:
        """Give at most `size` bytes, none at the end; without a size, all that are left."""
        if size < 0:
            return b"".join([chunk async for chunk in self])
        chunk = await self._next()
        self._rest = chunk[size:]
        return chunk[:size]

    async def aclose(self) -> None:
        """End the download. Reading on is then a `ValueError`, as with files."""
        self._close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if chunk := await self._next():
            return chunk
        raise StopAsyncIteration

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    async def _next(self) -> bytes:
        if self._closed:
            msg = "the stream is closed"
            raise ValueError(msg)
        chunk, self._rest = self._rest, b""
        if chunk:
            return chunk
        try:
            return await self._native.next(bridge()) or b""
        except BaseException:
            # A chunk is lost when its reader is cancelled: what would follow is not the file's content.
            self._close()
            raise

    def _close(self) -> None:
        self._closed = True
        self._native.close()
