"""Reading the streams that an application gives: which kinds there are, and what a chunk is."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Protocol, Union

from ._sources import Claim, check_file, check_iterator, nothing_came

READ_SIZE = 256 * 1024


class Readable(Protocol):
    """A file open in binary mode, or what reads like one."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes, none at the end."""
        ...


class AsyncReadable(Protocol):
    """What reads like a file whose `read` is a coroutine."""

    def read(self, size: int, /) -> Awaitable[bytes]:
        """Give at most `size` bytes, none at the end."""
        ...


FileData = Union[bytes, bytearray, memoryview, Readable, Iterable[bytes], AsyncReadable, AsyncIterable[bytes]]
"""What a file's content may be given as. Only the SDK for asyncio takes the two asynchronous kinds."""


class _File:
    """A file object. It is the caller's: closing is up to them."""

    def __init__(self, path: str, source: Any) -> None:
        check_file(path, source)
        self._claim = Claim(path, source)
        self._path = path
        self._read = source.read
        self.is_async = inspect.iscoroutinefunction(self._read)
        self._is_read = False
        self._let_go = False

    def read(self) -> Union[bytes, Awaitable[object]]:
        self._is_read = True
        try:
            chunk = self._read(READ_SIZE)
        finally:
            self._is_read = False
            if self._let_go:
                self._claim.let_go()
        return chunk if inspect.isawaitable(chunk) else checked(self._path, chunk)

    def close(self) -> None:
        """Leave it open. A thread that is still reading lets go of it when it is done."""
        self._let_go = True
        if not self._is_read:
            self._claim.let_go()


class _Iterator:
    """An iterator of chunks, read on whatever thread asks and closed by whichever is the last to let go."""

    is_async = False

    def __init__(self, path: str, source: Iterable[object]) -> None:
        self._path = path
        self._chunks: Iterator[object] = iter(source)
        # What is no iterator itself makes a new one each time.
        self._may_be_used_up = self._chunks is source and check_iterator(path, source)
        self._claim = Claim(path, self._chunks)
        self._in_use = threading.Lock()
        self._let_go = False

    def read(self) -> bytes:
        try:
            with self._in_use:
                return self._joined()
        finally:
            if self._let_go:
                self.close()

    def _joined(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        for chunk in self._chunks:
            parts.append(checked(self._path, chunk))
            size += len(parts[-1])
            if size >= READ_SIZE:
                break
        if not parts and self._may_be_used_up:
            raise nothing_came(self._path)
        self._may_be_used_up = False
        return b"".join(parts)

    def close(self) -> None:
        self._let_go = True
        # A thread that is still reading closes it when it is done.
        if self._in_use.acquire(blocking=False):
            try:
                # What became of the call matters more than how its source takes the end.
                with suppress(Exception):
                    getattr(self._chunks, "close", _nothing)()
            finally:
                self._claim.let_go()
                self._in_use.release()


class _AsyncIterator:
    """An asynchronous iterator of chunks."""

    def __init__(self, path: str, source: AsyncIterable[object]) -> None:
        self._path = path
        self._chunks: AsyncIterator[object] = source.__aiter__()
        self._may_be_used_up = self._chunks is source and check_iterator(path, source)
        self._claim = Claim(path, self._chunks)

    async def read(self) -> bytes:
        async for chunk in self._chunks:
            self._may_be_used_up = False
            if data := checked(self._path, chunk):
                return data
        if self._may_be_used_up:
            raise nothing_came(self._path)
        return b""

    async def close(self) -> None:
        try:
            if (aclose := getattr(self._chunks, "aclose", None)) is not None:
                with suppress(Exception):
                    await aclose()
        finally:
            self._claim.let_go()


class BlockingStreams:
    """The streams of one call, by the paths at which they stand."""

    def __init__(self, hosts: dict[str, Any]) -> None:
        self._streams = {path: _plain(path, host) for path, host in hosts.items() if not callable(host)}

    def read(self, path: str) -> bytes:
        """Give the next chunk of the stream at `path`, none at its end."""
        chunk = self._streams[path].read()
        if isinstance(chunk, bytes):
            return chunk
        if inspect.iscoroutine(chunk):
            chunk.close()
        raise _asynchronous(path)

    def close(self) -> None:
        """Let go of them all, read or not."""
        for stream in self._streams.values():
            stream.close()


class AsyncStreams:
    """The streams of one call in an event loop, which no reading blocks."""

    def __init__(self, hosts: dict[str, Any]) -> None:
        self._streams = {path: _either(path, host) for path, host in hosts.items() if not callable(host)}

    async def read(self, path: str) -> bytes:
        """Give the next chunk of the stream at `path`, none at its end."""
        stream = self._streams[path]
        if isinstance(stream, _AsyncIterator):
            return await stream.read()
        chunk = stream.read() if stream.is_async else await asyncio.to_thread(stream.read)
        return chunk if isinstance(chunk, bytes) else checked(path, await chunk)

    async def close(self) -> None:
        """Let go of them all, read or not."""
        for stream in self._streams.values():
            if isinstance(stream, _AsyncIterator):
                await stream.close()
            else:
                stream.close()


def _nothing() -> None:
    """Close what cannot be closed."""


def _plain(path: str, source: Any) -> Union[_File, _Iterator]:
    if hasattr(source, "read"):
        return _File(path, source)
    if hasattr(source, "__iter__"):
        return _Iterator(path, source)
    raise _asynchronous(path)


def _either(path: str, source: Any) -> Union[_File, _Iterator, _AsyncIterator]:
    if hasattr(source, "__aiter__") and not hasattr(source, "read"):
        return _AsyncIterator(path, source)
    return _plain(path, source)


def checked(path: str, chunk: object) -> bytes:
    """Give the chunk as bytes, if that is what it is."""
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, (bytearray, memoryview)):
        return bytes(chunk)
    hint = ": open the file in binary mode" if isinstance(chunk, str) else ""
    msg = f"options.{path}: a stream must give bytes, got {type(chunk).__name__}{hint}"
    raise TypeError(msg)


def _asynchronous(path: str) -> TypeError:
    return TypeError(f"options.{path}: an asynchronous stream can be read by digime_sdk.init's SDK only")
