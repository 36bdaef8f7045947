"""Measurements, as FHIR's Observations tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .kinds import Kind, Part


@dataclass(frozen=True)
class Measurement:
    """A measurement, with a value for each part of its kind."""

    taken_at: datetime
    values: tuple[float, ...]


def measurements_of(observations: Iterable[Mapping[str, Any]], kind: Kind) -> list[Measurement]:
    """Give the measurements of a kind, the oldest first.

    What has been withdrawn is left out, and what is in another unit: it cannot be compared with the rest.
    """
    read = (
        _measurement(observation, kind)
        for observation in observations
        if _has_loinc(observation["code"], kind.loinc)
        and observation["status"] not in {"entered-in-error", "cancelled"}
    )
    return sorted((each for each in read if each is not None), key=lambda each: each.taken_at)


def _measurement(observation: Mapping[str, Any], kind: Kind) -> Measurement | None:
    taken_at = _moment(observation.get("effectiveDateTime", ""))
    values = [_value(observation, part, kind.ucum) for part in kind.parts]
    known = tuple(value for value in values if value is not None)
    return Measurement(taken_at, known) if taken_at is not None and len(known) == len(values) else None


def _value(observation: Mapping[str, Any], part: Part, ucum: str) -> float | None:
    for measured in (observation, *observation.get("component", [])):
        if _has_loinc(measured["code"], part.loinc):
            quantity = measured.get("valueQuantity", {})
            return quantity.get("value") if quantity.get("code") == ucum else None
    return None


def _has_loinc(concept: Mapping[str, Any], loinc: str) -> bool:
    codings = concept.get("coding", [])
    return any(coding.get("system") == "http://loinc.org" and coding.get("code") == loinc for coding in codings)


def _moment(text: str) -> datetime | None:
    """Read a date of FHIR's: a year, a month or a day, or a time with its zone."""
    if "T" not in text:
        text += "0000-01-01"[len(text) :]
    # Before Python 3.11 it reads neither Z nor fractions of any length.
    text = re.sub(r"\.\d+", "", text).replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
