"""Which keywords calls and configurations take, and how one is refused that they do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ._generated.keywords import KEYWORDS
from ._native import nearest

if TYPE_CHECKING:
    from ._opaque import Opaque

_INITS = {"digime": "init", "pkb": "init_pkb"}
"""What takes a platform's configuration."""


def check_keywords(platform: str, call: str, given: Opaque[Mapping[str, object]]) -> None:
    """Refuse a keyword that a call does not take, as Python itself does; under no name, one of the configuration."""
    known = KEYWORDS[platform][call]
    for name in given.open():
        # What the wire calls a member is understood too, where that is no name of Python's.
        if not {name, _snake_case(name), f"{name}_"}.intersection(known):
            meant = nearest(name, known)
            called = _snake_case(call) or _INITS[platform]
            hint = f". Did you mean '{meant}'?" if meant else ""
            msg = f"{called}() got an unexpected keyword argument {name!r}{hint}"
            raise TypeError(msg)


def _snake_case(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
