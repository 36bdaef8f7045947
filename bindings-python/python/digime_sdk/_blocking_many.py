"""What is iterated over in plain code."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import Any, Optional, TypeVar

from ._many import plain_portions
from ._opaque import Opaque
from ._portions import Portions, is_handed_over_whole
from ._sources import unfit

T = TypeVar("T")

Many = Iterable[T]
"""A list, or anything else that can be iterated over: the rows of a query, for one."""


def portions(option: str, given: Opaque[Any]) -> Optional[Portions]:
    """Give the function that is handed over in place of this; none where it is handed over itself."""
    if is_handed_over_whole(given.open()):
        return None
    if isinstance(given.open(), AsyncIterable):
        raise unfit(option, "only the SDKs for asyncio can iterate over what is asynchronous")
    return plain_portions(option, given)
