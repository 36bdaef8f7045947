"""What a call gives one after the other, in plain code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Generic, Optional, TypeVar

from ._blocking_call import BlockingCall
from ._typing import Self

T = TypeVar("T")


class Results(Generic[T]):
    """Results that are iterated over, once. Nothing is sent before the first is asked for.

    What comes next waits until it is asked for. Leaving the loop ends the call, as does `close`. After an error, going
    on is a `ValueError`.
    """

    def __init__(
        self,
        call: BlockingCall,
        events: Collection[str],
        piece: Callable[[str, Any], T],
        done: Callable[[Any], object],
    ) -> None:
        self._call: Optional[BlockingCall] = call
        self._events = events
        self._piece = piece
        self._done = done
        self._broke_off = False

    def close(self) -> None:
        """End the call."""
        call, self._call = self._call, None
        if call is not None:
            call.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        if self._broke_off:
            msg = "the results broke off before their end: make the call again"
            raise ValueError(msg)
        if self._call is None:
            raise StopIteration
        try:
            reached = self._call.until(self._events)
        except BaseException:
            # Not to be taken for the end, by a loop that goes on.
            self._broke_off = True
            self.close()
            raise
        if reached[0] == "invoke":
            return self._piece(reached[1], reached[2].open())
        self._done(reached[1].open())
        self.close()
        raise StopIteration

    def __del__(self) -> None:
        self.close()
