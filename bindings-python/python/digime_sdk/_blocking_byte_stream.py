"""The content of a file that a call answers with, as a stream for plain code."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Optional

from ._native import NativeStream
from ._typing import Self


class ByteStream:
    """The content of a file: iterated over in chunks, or read like a file.

    It is downloaded as fast as it is read. Closing it, also by leaving its `with` block, ends the download. An error in
    its midst is raised to whoever reads; what was read before is then not to be trusted.
    """

    def __init__(self, hosts: Mapping[str, Any], native: NativeStream) -> None:
        self._hosts = hosts
        """The functions of the configuration, which are told of the stream's events."""
        self._native = native
        self._rest = b""
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

    def read(self, size: int = -1, /) -> bytes:
        """Give at most `size` bytes, none at the end; without a size, all that are left."""
        if size < 0:
            return b"".join(self)
        chunk = self._next()
        self._rest = chunk[size:]
        return chunk[:size]

    def close(self) -> None:
        """End the download. Reading on is then a `ValueError`, as with files."""
        self._closed = True
        self._native.close()
        self._tell()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if chunk := self._next():
            return chunk
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def _next(self) -> bytes:
        if self._closed:
            msg = "the stream is closed"
            raise ValueError(msg)
        chunk, self._rest = self._rest, b""
        if chunk:
            return chunk
        try:
            chunk = self._native.next_blocking() or b""
        except BaseException:
            # Nothing follows an error, which is not to be taken for the end.
            self.close()
            raise
        self._at_end = not chunk
        if self._at_end:
            self._tell()
        return chunk

    def _tell(self) -> None:
        """Tell of what has become of the stream, when that is over."""
        for step in self._native.later_steps_blocking():
            self._hosts[step[1]](step[2].open())
