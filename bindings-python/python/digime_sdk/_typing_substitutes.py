"""What stands in, on Python 3.9 and 3.10 without `typing_extensions`, for forms of annotations that came later."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

__all__ = ["NotRequired", "Self", "TypedDict", "Unpack"]

Self = Any


class NotRequired:
    """Marks a member that may be absent; `typing.get_type_hints` leaves the mark out."""

    def __class_getitem__(cls, annotation: Any) -> Any:
        return Annotated[annotation, cls]


class Unpack:
    """Marks keywords as those of a `TypedDict`; `typing.get_type_hints` leaves the mark out."""

    def __class_getitem__(cls, annotation: Any) -> Any:
        return Annotated[annotation, cls]
