"""FHIR STU3 as tables that a person can read: which elements of a resource matter, and what they are called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass(frozen=True)
class Table:
    """The resources of one kind."""

    title: str
    columns: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list[list[str]])


def tables_of(document: object) -> list[Table]:
    """Give a table for each kind of resource in a Bundle, or for a resource alone; none for what is not FHIR."""
    entries = _list_at(document, "entry") if _at(document, "resourceType") == "Bundle" else None
    resources = [document] if entries is None else [_at(entry, "resource") for entry in entries]
    tables: dict[str, Table] = {}
    for resource in resources:
        title = _at(resource, "resourceType")
        if not isinstance(title, str):
            continue
        columns = _KNOWN.get(title, _ANY_RESOURCE)
        table = tables.setdefault(title, Table(title, tuple(columns)))
        cells = (read(resource) for read in columns.values())
        table.rows.append(["" if cell is None else str(cell) for cell in cells])
    return list(tables.values())


def _at(value: Any, *path: str | int) -> Any:  # noqa: ANN401 - it is JSON
    """Give what is there; nothing of what a source sent can be relied on."""
    try:
        for step in path:
            value = value[step]
    except (IndexError, KeyError, TypeError):
        return None
    return value


def _list_at(value: object, *path: str | int) -> list[Any] | None:
    found: list[Any] | None = _at(value, *path)
    return found if isinstance(found, list) else None


def _element(*path: str | int) -> Callable[[Any], Any]:
    return lambda resource: _at(resource, *path)


def _day(*path: str | int) -> Callable[[Any], str | None]:
    def day(resource: object) -> str | None:
        date_time = _at(resource, *path)
        return str(date_time)[:10] if date_time else None

    return day


def _name(concept: object) -> Any:  # noqa: ANN401 - it is JSON
    return _at(concept, "text") or _at(concept, "coding", 0, "display") or _at(concept, "coding", 0, "code")


def _medication(resource: object) -> Any:  # noqa: ANN401 - it is JSON
    return _name(_at(resource, "medicationCodeableConcept")) or _at(resource, "medicationReference", "display")


def _quantity(quantity: object) -> str | None:
    parts = (_at(quantity, "value"), _at(quantity, "unit") or _at(quantity, "code"))
    return " ".join(str(part) for part in parts if part is not None) or None


def _measured(observation: object) -> Any:  # noqa: ANN401 - it is JSON
    """Give the value of an Observation or of a component of one."""
    components = _list_at(observation, "component")
    if components is not None:
        return ", ".join(f"{_name(_at(part, 'code'))}: {_measured(part)}" for part in components)
    readings = (
        _quantity(_at(observation, "valueQuantity")),
        _name(_at(observation, "valueCodeableConcept")),
        *(_at(observation, value) for value in ("valueString", "valueBoolean", "valueDateTime")),
    )
    return next((value for value in readings if value is not None), None)


def _as_it_is(resource: object) -> str:
    return json.dumps(resource, ensure_ascii=False, indent=2)


_Columns = Mapping[str, Callable[[Any], Any]]

_KNOWN: Mapping[str, _Columns] = {
    "Patient": {
        "Name": lambda resource: _at(resource, "name", 0, "text") or _at(resource, "name", 0, "family"),
        "Date of birth": _element("birthDate"),
        "Gender": _element("gender"),
        "City": _element("address", 0, "city"),
    },
    "Observation": {
        "When": lambda resource: _day("effectiveDateTime")(resource) or _day("effectivePeriod", "start")(resource),
        "What": lambda resource: _name(_at(resource, "code")),
        "Value": _measured,
    },
    "MedicationStatement": {
        "Medication": _medication,
        "Dosage": _element("dosage", 0, "text"),
        "From": _day("effectivePeriod", "start"),
        "Until": _day("effectivePeriod", "end"),
        "Status": _element("status"),
    },
    "MedicationDispense": {
        "Handed out": _day("whenHandedOver"),
        "Medication": _medication,
        "Quantity": lambda resource: _quantity(_at(resource, "quantity")),
        "Status": _element("status"),
    },
    "AllergyIntolerance": {
        "Allergic to": lambda resource: _name(_at(resource, "code")),
        "Criticality": _element("criticality"),
        "Since": _day("assertedDate"),
        "Status": _element("clinicalStatus"),
    },
}

_ANY_RESOURCE: _Columns = {"Id": _element("id"), "As it is": _as_it_is}
