"""What a person fills in about themselves and their measurements, and when it makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import NoReturn

from starlette.datastructures import FormData

from .failures import PageError

_LONGEST_TEXT = 100


@dataclass(frozen=True)
class Person:
    """Who measured."""

    given: str
    family: str
    birth_date: date


@dataclass(frozen=True)
class BloodPressure:
    """In mmHg."""

    systolic: float
    diastolic: float


@dataclass(frozen=True)
class Measurement:
    """What was measured: the weight in kg, the heart rate in beats a minute."""

    person: Person
    measured_on: date
    weight: float | None
    blood_pressure: BloodPressure | None
    heart_rate: float | None


def measurement_of(form: FormData) -> Measurement:
    """Read the form; refuse what makes no sense."""
    systolic = _number(form, "systolic", "Upper pressure", 30, 300)
    diastolic = _number(form, "diastolic", "Lower pressure", 20, 200)
    if (systolic is None) != (diastolic is None):
        _refuse("A blood pressure has two numbers.")
    measurement = Measurement(
        person=Person(
            given=_text(form, "given_name", "First name"),
            family=_text(form, "family_name", "Last name"),
            birth_date=_date(form, "birth_date", "Date of birth"),
        ),
        measured_on=_date(form, "measured_on", "Measured on"),
        weight=_number(form, "weight", "Weight", 0.5, 650),
        blood_pressure=BloodPressure(systolic, diastolic) if systolic and diastolic else None,
        heart_rate=_number(form, "heart_rate", "Heart rate", 20, 300),
    )
    if not (measurement.weight or measurement.blood_pressure or measurement.heart_rate):
        _refuse("Fill in at least one measurement.")
    return measurement


def _filled_in(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _text(form: FormData, name: str, label: str) -> str:
    value = _filled_in(form, name)
    if not 0 < len(value) <= _LONGEST_TEXT:
        _refuse(f"{label}: fill in up to {_LONGEST_TEXT} characters.")
    return value


def _date(form: FormData, name: str, label: str) -> date:
    today = datetime.now(timezone.utc).date()
    try:
        value = date.fromisoformat(_filled_in(form, name))
    except ValueError:
        value = date.max
    if value > today:
        _refuse(f"{label}: fill in a date that is not in the future.")
    return value


def _number(form: FormData, name: str, label: str, least: float, most: float) -> float | None:
    value = _filled_in(form, name)
    if not value:
        return None
    try:
        # A whole number stays one, so that it is sent as it was filled in.
        number = int(value) if value.isdecimal() else float(value)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        _refuse(f"{label}: fill in a number from {least} to {most}.")
    return number


def _refuse(what: str) -> NoReturn:
    raise PageError(422, "The measurement is not complete", f"{what} Go back to change it.")
