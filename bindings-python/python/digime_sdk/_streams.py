"""Reading the streams that an application gives: which kinds there are, and what a chunk is."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Protocol, Union, runtime_checkable

from ._blocking_byte_stream import ByteStream as BlockingByteStream
from ._byte_stream import ByteStream
from ._opaque import Opaque
from ._sources import Claim, check_file, check_iterator, check_response, nothing_came

READ_SIZE = 256 * 1024


@runtime_checkable
class Readable(Protocol):
    """A file open in binary mode, or what reads like one."""

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes, none at the end."""
        ...


@runtime_checkable
class AsyncReadable(Protocol):
    """What reads like a file whose `read` is a coroutine."""

    def read(self, size: int, /) -> Awaitable[bytes]:
        """Give at most `size` bytes, none at the end."""
        ...


@runtime_checkable
class ReadableResponse(Protocol):
    """A response of httpx, whose body nobody has read, or that has kept it."""

    def iter_bytes(self) -> Iterator[bytes]:
        """Give the body in pieces."""
        ...

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Give the body in pieces, in an event loop."""
        ...


FileData = Union[
    bytes,
    bytearray,
    memoryview,
    os.PathLike[str],
    Readable,
    Iterable[bytes],
    ReadableResponse,
    AsyncReadable,
    AsyncIterable[bytes],
]
"""What a file's content may be given as: bytes, the path of a file, or what gives it piece by piece.

Only the SDK for asyncio takes the asynchronous kinds.
"""


class _File:
    """A file object. It is the caller's, and closing it up to them, unless it was opened for the call."""

    def __init__(self, path: str, source: Opaque[Any], *, own: bool = False) -> None:
        check_file(path, source)
        self._claim = Claim(path, source)
        self._path = path
        self._source = source
        self._own = own
        self.is_async = inspect.iscoroutinefunction(source.open().read)
        self._is_read = False
        self._let_go = False

    def read(self) -> Union[bytes, Awaitable[object]]:
        self._is_read = True
        try:
            chunk = Opaque(self._source.open().read(READ_SIZE))
        finally:
            self._is_read = False
            if self._let_go:
                self._end()
        return chunk.open() if inspect.isawaitable(chunk.open()) else checked(self._path, chunk)

    def close(self) -> None:
        """Let go of it. A thread that is still reading does when it is done."""
        self._let_go = True
        if not self._is_read:
            self._end()

    def _end(self) -> None:
        if self._own:
            self._source.open().close()
        self._claim.let_go()


class _Iterator:
    """An iterator of chunks, read on whatever thread asks and closed by whichever is the last to let go."""

    is_async = False

    def __init__(self, path: str, source: Opaque[Iterable[object]]) -> None:
        self._path = path
        self._chunks: Iterator[object] = iter(source.open())
        # What is no iterator itself makes a new one each time.
        self._may_be_used_up = self._chunks is source.open() and check_iterator(path, source)
        self._claim = Claim(path, Opaque(self._chunks))
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
        parts = Opaque(list[bytes]())
        size = 0
        while size < READ_SIZE:
            try:
                chunk = Opaque(next(self._chunks))
            except StopIteration:
                break
            parts.open().append(checked(self._path, chunk))
            size += len(parts.open()[-1])
        if not parts.open() and self._may_be_used_up:
            raise nothing_came(self._path)
        self._may_be_used_up = False
        return b"".join(parts.open())

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

    def __init__(self, path: str, source: Opaque[AsyncIterable[object]]) -> None:
        self._path = path
        self._chunks: AsyncIterator[object] = source.open().__aiter__()
        self._may_be_used_up = self._chunks is source.open() and check_iterator(path, source)
        self._claim = Claim(path, Opaque(self._chunks))

    async def read(self) -> bytes:
        with suppress(StopAsyncIteration):
            while True:
                chunk = Opaque(await self._chunks.__anext__())
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

    def __init__(self, hosts: Opaque[dict[str, Any]]) -> None:
        self._streams = {path: _plain(path, Opaque(hosts.open()[path])) for path in _paths(hosts.open())}

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

    def __init__(self, hosts: Opaque[dict[str, Any]]) -> None:
        self._streams = {path: _either(path, Opaque(hosts.open()[path])) for path in _paths(hosts.open())}

    async def read(self, path: str) -> bytes:
        """Give the next chunk of the stream at `path`, none at its end."""
        stream = self._streams[path]
        if isinstance(stream, _AsyncIterator):
            return await stream.read()
        chunk = stream.read() if stream.is_async else await asyncio.to_thread(stream.read)
        return chunk if isinstance(chunk, bytes) else checked(path, Opaque(await chunk))

    async def close(self) -> None:
        """Let go of them all, read or not."""
        for stream in self._streams.values():
            if isinstance(stream, _AsyncIterator):
                await stream.close()
            else:
                stream.close()


def _nothing() -> None:
    """Close what cannot be closed."""


def _paths(hosts: dict[str, Any]) -> list[str]:
    """Give where streams stand."""
    return [path for path, host in hosts.items() if not callable(host)]


def _plain(path: str, source: Opaque[Any]) -> Union[_File, _Iterator]:
    if hasattr(source.open(), "__fspath__"):
        return _File(path, Opaque(open(source.open(), "rb")), own=True)
    if _is_response(source):
        check_response(path, source)
        if not hasattr(source.open().stream, "__iter__"):
            raise _asynchronous(path)
        return _Iterator(path, Opaque(source.open().iter_bytes()))
    if inspect.iscoroutinefunction(getattr(source.open(), "read", None)) and hasattr(source.open(), "file"):
        # An upload, of Starlette's, is read as what it was put into.
        return _File(path, Opaque(source.open().file))
    if isinstance(source.open(), BlockingByteStream):
        # One is read like a file, but closed with the call.
        check_file(path, source)
        return _Iterator(path, source)
    if hasattr(source.open(), "read"):
        return _File(path, source)
    if hasattr(source.open(), "__iter__"):
        return _Iterator(path, source)
    raise _asynchronous(path)


def _either(path: str, source: Opaque[Any]) -> Union[_File, _Iterator, _AsyncIterator]:
    if _is_response(source) and not hasattr(source.open().stream, "__iter__"):
        check_response(path, source)
        return _AsyncIterator(path, Opaque(source.open().aiter_bytes()))
    if isinstance(source.open(), ByteStream):
        check_file(path, source)
        return _AsyncIterator(path, source)
    if hasattr(source.open(), "__aiter__") and not hasattr(source.open(), "read"):
        return _AsyncIterator(path, source)
    return _plain(path, source)


def _is_response(source: Opaque[Any]) -> bool:
    return all(hasattr(source.open(), name) for name in ("iter_bytes", "aiter_bytes", "stream"))


def checked(path: str, chunk: Opaque[object]) -> bytes:
    """Give the chunk as bytes, if that is what it is."""
    if isinstance(data := chunk.open(), bytes):
        return data
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    hint = ": open the file in binary mode" if isinstance(data, str) else ""
    msg = f"options.{path}: a stream must give bytes, got {type(data).__name__}{hint}"
    del data
    raise TypeError(msg)


def _asynchronous(path: str) -> TypeError:
    return TypeError(f"options.{path}: an asynchronous stream can be read by digime_sdk.init's SDK only")
