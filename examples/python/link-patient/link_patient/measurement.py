"""A measurement that a person fills in: when it makes sense, and how PKB's REST API takes it."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import NoReturn, TypedDict

from starlette.datastructures import FormData

from .kinds import Kind, Part
from .page_error import PageError


class EntryValue(TypedDict):
    """One number of a measurement."""

    apiRef: str
    value: str


class Entry(TypedDict):
    """A measurement as PKB takes it."""

    apiRef: str
    takenDate: str
    values: list[EntryValue]


def entry_of(form: FormData, kind: Kind) -> Entry:
    """Read the form; refuse what makes no sense."""
    return {
        "apiRef": kind.api_ref,
        "takenDate": _date(_filled_in(form, "taken_on")),
        "values": [{"apiRef": part.api_ref, "value": _number(form, part)} for part in kind.parts],
    }


def _filled_in(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _date(text: str) -> str:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        value = date.max
    if value > datetime.now(timezone.utc).date():
        _refuse("Measured on: fill in a date that is not in the future.")
    return value.isoformat()


def _number(form: FormData, part: Part) -> str:
    try:
        value = float(_filled_in(form, part.api_ref))
    except ValueError:
        value = float("nan")
    if not part.least <= value <= part.most:
        _refuse(f"{part.name}: fill in a number from {part.least:g} to {part.most:g}.")
    return f"{value:g}"


def _refuse(what: str) -> NoReturn:
    raise PageError(422, "The measurement is not complete", f"{what} Go back to change it.")
