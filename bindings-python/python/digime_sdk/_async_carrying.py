"""How requests are carried by the application's own transport in asyncio: each by a task of its call's event loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Callable, Optional

from ._bridge import bridge
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
from ._closing import AT_THE_END
from ._opaque import Opaque
from ._transport import TransportRequest, TransportResponse

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

    from ._carrying import Carried
    from ._native import NativeExchange

    Task: TypeAlias = asyncio.Task[None]
else:
    Task = asyncio.Task

UNREAD = 1.0
"""Seconds that the end of an event loop waits for an answer of which nobody reads more, and closing one may take."""

_tasks: set[Task] = set()
"""The event loop itself remembers no task."""


def in_tasks(carried: Carried) -> Callable[[NativeExchange], None]:
    """Give what has requests carried in the event loop that is running, with the caller's context."""
    loop, context = asyncio.get_running_loop(), copy_context()

    def begin(exchange: NativeExchange) -> None:
        loop.call_soon_threadsafe(_Carrying, exchange, carried, loop, context=context)

    return begin


class _Carrying(Task):
    """A request that is carried. The end of the event loop waits for it where somebody does, as for a refresh."""

    def __init__(self, exchange: NativeExchange, carried: Carried, loop: asyncio.AbstractEventLoop) -> None:
        self._exchange = exchange
        self._carried = carried
        self._is_given_up = False
        self._gives = False
        self._closes = False
        super().__init__(self._carry(), loop=loop)
        _tasks.add(self)
        self.add_done_callback(_tasks.discard)
        exchange.over(bridge()).add_done_callback(lambda _: self._give_up())

    def cancel(self, msg: Optional[Any] = None) -> bool:
        """Cancel the request, unless it is the end of the event loop that asks, which cancels whatever there is."""
        loop = self.get_loop()
        if loop.is_running():
            return super().cancel(msg)
        if self._exchange.is_over:
            return self._give_up()
        loop.call_later(UNREAD if self._gives else AT_THE_END, self._give_up)
        return False

    def _give_up(self) -> bool:
        """Cancel what nobody waits for; once, so that it can still be closed."""
        if self._is_given_up or self._closes:
            return False
        self._is_given_up = True
        return super().cancel()

    async def _carry(self) -> None:
        try:
            await self._exchanged()
        except Exception as error:
            self._carried.fail(self._exchange, error)
        except BaseException as error:
            self._carried.fail(self._exchange, error)
            raise

    async def _exchanged(self) -> None:
        request = await _request(self._exchange)
        answer = Opaque(self._carried.transport(request))
        if not inspect.isawaitable(answer.open()):
            msg = f"returned {type(answer.open()).__name__} in place of something to await"
            raise MisbehaviourError(msg)
        response = await answer.open()
        if not isinstance(response, TransportResponse):
            raise misplaced(response, "digime_sdk.TransportResponse")
        chunks = None
        try:
            self._exchange.answer(head_of(response))
            chunks = _chunks(response)
            while not self._exchange.is_over:
                try:
                    chunk = Opaque(await chunks.__anext__())
                except StopAsyncIteration:
                    # It is all there, however long its transport takes to let go of it.
                    self._closes = True
                    self._exchange.end()
                    break
                if not await self._give(chunk):
                    return
        finally:
            self._closes = True
            await _close(chunks, response)

    async def _give(self, chunk: Opaque[Any]) -> bool:
        self._gives = True
        try:
            return await self._exchange.give(bridge(), chunk_of(chunk))
        finally:
            self._gives = False


async def _request(exchange: NativeExchange) -> TransportRequest:
    """Give what the transport is asked to send."""
    body: Opaque[Any] = Opaque(None if exchange.body is None else _Body(exchange))
    if is_handed_over_whole(exchange):
        body = Opaque(b"".join([chunk async for chunk in body.open()]))
    return TransportRequest(exchange.method, exchange.url, headers_of(exchange), timeout_of(exchange), body.open())


class _Body:
    """A body that is read as it is sent."""

    def __init__(self, exchange: NativeExchange) -> None:
        self._exchange = exchange

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        chunk = await self._exchange.chunk(bridge())
        if chunk is None:
            raise BodyBrokenOffError
        if not chunk:
            raise StopAsyncIteration
        return chunk


def _chunks(response: TransportResponse) -> AsyncIterator[bytes]:
    """Give what the body of an answer comes from."""
    body: Opaque[Any] = Opaque(response.body)
    if isinstance(body.open(), (bytes, bytearray, memoryview)):
        return _Once(body)
    if isinstance(body.open(), AsyncIterable):
        chunks: AsyncIterator[bytes] = body.open().__aiter__()
        return chunks
    msg = f"answered with a body that is neither bytes nor an asynchronous iterable, but {type(body.open()).__name__}"
    raise MisbehaviourError(msg)


class _Once:
    """A body that has come as a whole. No generator: an event loop that ends wants no new ones."""

    def __init__(self, body: Opaque[Any]) -> None:
        self._body: Optional[Opaque[Any]] = body

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        body, self._body = self._body, None
        if body is None:
            raise StopAsyncIteration
        whole: bytes = body.open()
        return whole


async def _close(chunks: Optional[AsyncIterator[bytes]], response: TransportResponse) -> None:
    """Let go of an answer. What has come of it matters more than how its transport takes the end."""
    for close in (getattr(chunks, "aclose", None), response.aclose):
        if close is not None:
            with suppress(Exception):
                await asyncio.wait_for(close(), UNREAD)
