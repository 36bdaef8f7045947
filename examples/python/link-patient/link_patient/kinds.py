"""The kinds of measurement that the app knows: what PKB's two APIs call them, and what a person may fill in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One number of a measurement, and one line of its chart: its names in the REST API and in FHIR, and its bounds."""

    api_ref: str
    loinc: str
    name: str
    least: float
    most: float
    step: float


@dataclass(frozen=True)
class Kind:
    """A kind of measurement.

    `api_ref` is its name in the REST API and in this app's own addresses, `loinc` that in FHIR; its unit is written as
    people write it, and in UCUM as FHIR does.
    """

    api_ref: str
    loinc: str
    name: str
    unit: str
    ucum: str
    parts: tuple[Part, ...]


KINDS = (
    Kind("weight", "29463-7", "Weight", "kg", "kg", (Part("weight", "29463-7", "Weight", 0.5, 650, 0.1),)),
    Kind(
        "blood-pressure",
        "85354-9",
        "Blood pressure",
        "mmHg",
        "mm[Hg]",
        (
            Part("systolic", "8480-6", "Systolic", 30, 300, 1),
            Part("diastolic", "8462-4", "Diastolic", 20, 200, 1),
        ),
    ),
    Kind(
        "heart-rate",
        "8867-4",
        "Heart rate",
        "beats/minute",
        "/min",
        (Part("heart-rate", "8867-4", "Heart rate", 20, 300, 1),),
    ),
)


def kind_of(api_ref: object) -> Kind:
    """Give the kind that an address or a form names; the first, if it names none."""
    return next((kind for kind in KINDS if kind.api_ref == api_ref), KINDS[0])
