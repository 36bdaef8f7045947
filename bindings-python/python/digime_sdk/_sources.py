"""What can be read as a file's content at all: nothing that was used up, that is text, or that another call reads."""

from __future__ import annotations

import inspect
import io
from contextlib import suppress
from typing import Any
from weakref import ReferenceType, ref

from ._blocking_byte_stream import ByteStream as BlockingByteStream
from ._byte_stream import ByteStream
from ._opaque import Opaque
from .errors import TypeValidationError

_CHEAPLY_SOUGHT = (io.BytesIO, io.BufferedReader, io.BufferedRandom, io.FileIO)
"""The files of which it costs nothing to ask where their end is."""

_in_use: dict[int, ReferenceType[Any]] = {}
"""What calls are reading, by its identity."""


class Claim:
    """The right to read a source, which one call has at a time. It ends when it is let go of, or with its holder."""

    def __init__(self, path: str, source: Opaque[object]) -> None:
        # As long as it is held, no other object has this identity.
        self._source = source
        self._identity = identity = id(source.open())
        self._mine = ref(self, lambda gone: _give_back(identity, gone))
        # In one step, so that no lock is held which another thread's fork would leave behind.
        if _in_use.setdefault(identity, self._mine) is not self._mine:
            raise unfit(path, "another call is reading it at the moment; give each call a stream of its own")

    def let_go(self) -> None:
        """Let others read it."""
        _give_back(self._identity, self._mine)


def _give_back(identity: int, claim: ReferenceType[Any]) -> None:
    if _in_use.get(identity) is claim:
        del _in_use[identity]


def check_file(path: str, source: Opaque[Any]) -> None:
    """Refuse a file object from which no content can come. One that stands somewhere is read from there."""
    if isinstance(source.open(), io.TextIOBase) or getattr(source.open(), "encoding", None) is not None:
        raise unfit(path, "the file is in text mode; open it in binary mode")
    if getattr(source.open(), "closed", False) is True:
        raise unfit(path, "the file is closed; push before it is closed")
    readable = getattr(source.open(), "readable", None)
    if callable(readable) and not inspect.iscoroutinefunction(readable) and readable() is False:
        raise unfit(path, 'the file cannot be read; open it with mode "rb"')
    if _is_at_its_end(source):
        raise unfit(path, "the file was read or written to its end; go back with seek(0)")


def _is_at_its_end(source: Opaque[Any]) -> bool:
    if isinstance(source.open(), (ByteStream, BlockingByteStream)):
        return bool(source.open().at_end)
    if isinstance(source.open(), _CHEAPLY_SOUGHT) or type(source.open()).__module__ == "tempfile":
        # A pipe has no place where it stands.
        with suppress(OSError):
            place: int = source.open().tell()
            if place > 0:
                source.open().seek(0, io.SEEK_END)
                end: int = source.open().tell()
                source.open().seek(place)
                return place >= end
    return False


def check_response(path: str, source: Opaque[Any]) -> None:
    """Refuse an HTTP response whose body was read, in part or as a whole, and not kept."""
    with suppress(RuntimeError):  # httpx's own word for a body that it has not kept.
        source.open().content  # noqa: B018 - a property that raises
        return
    if source.open().is_stream_consumed:
        raise unfit(path, "the response was read already, in part at least; give one whose body nobody has read")
    if source.open().is_closed:
        raise unfit(path, "the response is closed; push before it is closed")


def check_iterator(path: str, source: Opaque[Any]) -> bool:
    """Refuse a generator that was begun, or that runs. Give whether what is left may have been read from already."""
    if inspect.isgenerator(source.open()):
        state = inspect.getgeneratorstate(source.open())
        running, over = state == inspect.GEN_RUNNING, state == inspect.GEN_CLOSED
        begun = state == inspect.GEN_SUSPENDED
    elif inspect.isasyncgen(source.open()):
        running, over = source.open().ag_running, source.open().ag_frame is None
        # Python tells from 3.12 on.
        begun = getattr(source.open(), "ag_suspended", False)
    else:
        return True
    if running:
        raise unfit(path, "the generator is being read at the moment; give each call one of its own")
    if over:
        raise unfit(path, "the generator was read to its end; give a new one")
    if begun:
        raise unfit(path, "the generator was begun, and what it gave is used up; give a new one")
    return False


def nothing_came(path: str) -> TypeValidationError:
    """Make the error of an iterator that may have been read before, and had nothing more."""
    return unfit(path, 'the iterator gave nothing, as one does that was used up; an empty file is b""')


def unfit(path: str, reason: str) -> TypeValidationError:
    """Make the error of an option that cannot be read."""
    path = f"options.{path}"
    return TypeValidationError(f"{path}: {reason}", path=path)
