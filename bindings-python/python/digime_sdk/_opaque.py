"""What an application gives and gets, kept from whoever shows the locals of frames, as reporters of errors do."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Opaque(Generic[T]):
    """Holds something that may be secret, or about a person, and shows nothing of it.

    No frame of the SDK in which anything may be raised has such a thing as a local other than in one of these.
    """

    __slots__ = ("_held",)

    def __init__(self, held: T) -> None:
        self._held = held

    def open(self) -> T:
        """Give what it holds."""
        return self._held

    def __repr__(self) -> str:
        return "<not shown>"


def hidden(given: Any) -> Any:
    """Give what holds this, which may be it."""
    return given if isinstance(given, Opaque) else Opaque(given)
