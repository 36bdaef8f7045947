"""How requests are carried by the application's own transport in plain code: each in a thread of its own."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING, Any, Callable, Optional

from ._blocking_transport import TransportRequest, TransportResponse
from ._carrying import (
    BodyBrokenOffError,
    MisbehaviourError,
    chunk_of,
    head_of,
    headers_of,
    is_handed_over_whole,
    misplaced,
    timeout_of,
)
from ._opaque import Opaque

if TYPE_CHECKING:
    from ._carrying import Carried
    from ._native import NativeExchange


def in_threads(carried: Carried) -> Callable[[NativeExchange], None]:
    """Give what has requests carried in threads, with the caller's context."""
    context = copy_context()

    def begin(exchange: NativeExchange) -> None:
        run = context.copy().run
        Thread(target=run, args=(_carry, exchange, carried), name="digime-sdk-transport", daemon=True).start()

    return begin


def _carry(exchange: NativeExchange, carried: Carried) -> None:
    try:
        _exchanged(exchange, carried.transport)
    except Exception as error:
        carried.fail(exchange, error)
    except BaseException as error:
        carried.fail(exchange, error)
        raise


def _exchanged(exchange: NativeExchange, transport: Callable[[TransportRequest], object]) -> None:
    request = _request(exchange)
    response = transport(request)
    if inspect.isawaitable(response):
        if inspect.iscoroutine(response):
            response.close()
        msg = "is asynchronous: only the SDKs for asyncio can use it"
        raise MisbehaviourError(msg)
    if not isinstance(response, TransportResponse):
        raise misplaced(response, "digime_sdk.blocking.TransportResponse")
    chunks = None
    try:
        exchange.answer(head_of(response))
        chunks = _chunks(response)
        while not exchange.is_over:
            try:
                chunk = Opaque(next(chunks))
            except StopIteration:
                # It is all there, however long its transport takes to let go of it.
                exchange.end()
                break
            if not exchange.give_blocking(chunk_of(chunk)):
                return
    finally:
        _close(chunks, response)


def _request(exchange: NativeExchange) -> TransportRequest:
    """Give what the transport is asked to send."""
    body: Opaque[Any] = Opaque(None if exchange.body is None else _Body(exchange))
    if is_handed_over_whole(exchange):
        body = Opaque(b"".join(body.open()))
    return TransportRequest(exchange.method, exchange.url, headers_of(exchange), timeout_of(exchange), body.open())


class _Body:
    """A body that is read as it is sent."""

    def __init__(self, exchange: NativeExchange) -> None:
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self._exchange.chunk_blocking()
        if chunk is None:
            raise BodyBrokenOffError
        if not chunk:
            raise StopIteration
        return chunk


def _chunks(response: TransportResponse) -> Iterator[bytes]:
    """Give what the body of an answer comes from."""
    body: Opaque[Any] = Opaque(response.body)
    if isinstance(body.open(), (bytes, bytearray, memoryview)):
        return iter((body.open(),))
    if isinstance(body.open(), Iterable):
        return iter(body.open())
    msg = f"answered with a body that is neither bytes nor an iterable, but {type(body.open()).__name__}"
    raise MisbehaviourError(msg)


def _close(chunks: Optional[Iterator[bytes]], response: TransportResponse) -> None:
    """Let go of an answer. What has come of it matters more than how its transport takes the end."""
    for close in (getattr(chunks, "close", None), response.close):
        if close is not None:
            with suppress(Exception):
                close()
