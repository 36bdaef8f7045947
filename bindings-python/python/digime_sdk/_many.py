"""What is iterated over in asyncio: given at once, or waited for."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import Any, Optional, TypeVar, Union

from ._opaque import Opaque
from ._portions import Portions, is_handed_over_whole
from ._sources import unfit

T = TypeVar("T")

Many = Union[Iterable[T], AsyncIterable[T]]
"""A list, or anything else that can be iterated over, with `for` or `async for`: the rows of a query, for one.

What is iterated over with `for` is advanced in the event loop, which waits for it.
"""


class _AsyncPortions(Portions):
    async def __call__(self, limit: int) -> list[Any]:
        portion: Opaque[list[Any]] = Opaque([])
        while len(portion.open()) < limit and not self._over:
            try:
                portion.open().append(await self._items.open().__anext__())
            except StopAsyncIteration:
                self._over = True
        return self._checked(portion)


class _PlainPortions(Portions):
    def __call__(self, limit: int) -> list[Any]:
        portion: Opaque[list[Any]] = Opaque([])
        while len(portion.open()) < limit and not self._over:
            try:
                portion.open().append(next(self._items.open()))
            except StopIteration:
                self._over = True
        return self._checked(portion)


def portions(option: str, given: Opaque[Any]) -> Optional[Portions]:
    """Give the function that is handed over in place of this; none where it is handed over itself."""
    if is_handed_over_whole(given.open()):
        return None
    if isinstance(given.open(), AsyncIterable):
        return _AsyncPortions(option, Opaque(given.open().__aiter__()))
    return plain_portions(option, given)


def plain_portions(option: str, given: Opaque[Any]) -> Optional[Portions]:
    """Give the same of what is iterated over with `for`."""
    if isinstance(given.open(), Iterable):
        return _PlainPortions(option, Opaque(iter(given.open())))
    if callable(given.open()):
        # Portions are asked of a function: one of the application's own would be taken for that.
        raise unfit(option, "cannot iterate over a function: give what it returns")
    return None
