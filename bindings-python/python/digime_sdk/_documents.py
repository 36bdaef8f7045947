"""How JSON text becomes objects: as `json.loads` has it, however long its numbers are and however deep it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Optional, Union

if TYPE_CHECKING:
    from types import TracebackType

    from ._opaque import Opaque

ParseFloat = Callable[[str], Any]
"""Is given the digits of each number that has a point or a power, and says what stands for it."""

_TOKEN = re.compile(r'[\s:,]*(?:(["{}\[\]])|([^\s:,{}\[\]"]+))')
_STRINGS = json.JSONDecoder()
_WORDS = {"null": None, "true": True, "false": False}


def read(text: Opaque[str], parse_float: Optional[ParseFloat]) -> Any:
    """Read a document that is known to be JSON."""
    try:
        return _read(text, parse_float)
    except Exception as error:
        # What an application's own function raises. The frames of who called it have the document.
        raise error.with_traceback(_outside(error.__traceback__)) from None


def _read(text: Opaque[str], parse_float: Optional[ParseFloat]) -> Any:
    try:
        return json.loads(text.open(), parse_float=parse_float)
    except RecursionError:
        return _read_deep(text.open(), parse_float or float)
    except ValueError:
        # Python makes no `int` of thousands of digits, unless it is asked for by another way.
        if len(text.open()) < _LONGEST_INT:
            raise
        return json.loads(text.open(), parse_float=parse_float, parse_int=_long)


def _outside(traceback: Optional[TracebackType]) -> Optional[TracebackType]:
    """Give what of a traceback is neither of this module nor of the reader of JSON."""
    while traceback and traceback.tb_frame.f_globals.get("__name__") in {"json", "json.decoder", __name__}:
        traceback = traceback.tb_next
    return traceback


_LONGEST_INT = 640
"""Fewer digits than this no setting of Python's refuses."""


def _long(digits: str) -> int:
    return int(digits) if len(digits) < _LONGEST_INT else int(Decimal(digits))


def _read_deep(text: str, parse_float: ParseFloat) -> Any:
    """Read without recursion, of which Python allows about a thousand levels."""
    whole: list[Any] = []
    inside: list[Union[list[Any], dict[str, Any]]] = [whole]
    names: list[Optional[str]] = [None]
    place = 0
    while token := _TOKEN.match(text, place):
        mark, word = token.groups()
        place = token.end()
        if mark in {"]", "}"}:
            inside.pop()
            names.pop()
            continue
        value: Any
        if mark == '"':
            value, place = _STRINGS.raw_decode(text, place - 1)
            if isinstance(inside[-1], dict) and names[-1] is None:
                names[-1] = value
                continue
        elif mark is None:
            value = _WORDS[word] if word in _WORDS else _number(word, parse_float)
        else:
            value = [] if mark == "[" else {}
        around, name = inside[-1], names[-1]
        if isinstance(around, list):
            around.append(value)
        elif name is not None:
            around[name] = value
            names[-1] = None
        if mark in {"[", "{"}:
            inside.append(value)
            names.append(None)
    return whole[0]


def _number(digits: str, parse_float: ParseFloat) -> Any:
    return _long(digits) if digits.lstrip("-").isdigit() else parse_float(digits)
