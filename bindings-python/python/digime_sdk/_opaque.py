"""How options are kept from whoever shows the locals of frames, as reporters of errors do.

No frame of the SDK in which anything may be raised has what may be secret, or about a person, as a local that is not in
an `Opaque`, which shows nothing.
"""

from __future__ import annotations

from typing import Any

from ._native import Opaque

__all__ = ["Opaque", "hidden"]


def hidden(given: Any) -> Any:
    """Give what holds this, which may be it."""
    return given if isinstance(given, Opaque) else Opaque(given)
