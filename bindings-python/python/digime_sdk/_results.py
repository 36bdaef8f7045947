"""What a call gives one after the other, in asyncio."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Generic, Optional, TypeVar

from ._call import AsyncCall
from ._typing import Self

T = TypeVar("T")


class Results(Generic[T]):
    """Results that are iterated over with `async for`, once. Nothing is sent before the first is asked for.

    What comes next waits until it is asked for. Leaving the loop ends the call, as do `aclose` and cancelling a task
    that waits. After that, or an error, going on is a `ValueError`.
    """

    # No generator: the event loop would end that when it comes to it.
    def __init__(
        self,
        call: AsyncCall,
        events: Collection[str],
        piece: Callable[[str, Any], T],
        done: Callable[[Any], object],
    ) -> None:
        self._call: Optional[AsyncCall] = call
        self._events = events
        self._piece = piece
        self._done = done
        self._broke_off = False

    async def aclose(self) -> None:
        """End the call."""
        call, self._call = self._call, None
        if call is not None:
            await call.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._broke_off:
            msg = "the results broke off before their end: make the call again"
            raise ValueError(msg)
        if self._call is None:
            raise StopAsyncIteration
        try:
            reached = await self._call.until(self._events)
        except BaseException:
            # Not to be taken for the end, by a loop that goes on.
            self._broke_off = True
            await self.aclose()
            raise
        if reached[0] == "invoke":
            return self._piece(reached[1], reached[2].open())
        self._done(reached[1].open())
        await self.aclose()
        raise StopAsyncIteration

    def __del__(self) -> None:
        if self._call is not None:
            self._call.abandon()
