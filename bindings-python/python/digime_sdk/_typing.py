"""Where the forms of annotations come from that not every Python has."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import NotRequired, Self, TypedDict, Unpack
elif sys.version_info >= (3, 12):
    from typing import NotRequired, Self, TypedDict, Unpack
else:
    try:
        # pydantic takes no others before Python 3.12, and brings them along.
        from typing_extensions import NotRequired, Self, TypedDict, Unpack
    except ImportError:
        if sys.version_info >= (3, 11):
            from typing import NotRequired, Self, TypedDict, Unpack
        else:
            from ._typing_substitutes import NotRequired, Self, TypedDict, Unpack

__all__ = ["NotRequired", "Self", "TypedDict", "Unpack", "member_type"]


def member_type(annotation: Any) -> tuple[Any, bool]:
    """Give the type of a `TypedDict`'s member, and whether the member must be there."""
    if getattr(annotation, "__origin__", None) is NotRequired:
        return annotation.__args__[0], False
    if NotRequired in getattr(annotation, "__metadata__", ()):
        return annotation.__origin__, False
    return annotation, True
