"""A self-measurement as FHIR: the STU3 batch that MedMij's information standard for vital signs prescribes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from .measurement import BloodPressure, Measurement

_LOINC = "http://loinc.org"
_UCUM = "http://unitsofmeasure.org"
_PATIENT_PROFILE = "http://fhir.nl/fhir/StructureDefinition/nl-core-patient"
_ZIB = "http://nictiz.nl/fhir/StructureDefinition/zib-"
_VITAL_SIGNS = {
    "coding": [{"system": "http://hl7.org/fhir/observation-category", "code": "vital-signs", "display": "Vital Signs"}]
}


def bundle_of(measurement: Measurement) -> dict[str, Any]:
    """Give one Patient and an Observation of each thing measured, posted together."""
    person = measurement.person
    name = f"{person.given} {person.family}"
    patient = _entry(
        {
            "resourceType": "Patient",
            "meta": {"profile": [_PATIENT_PROFILE]},
            "name": [{"text": name, "family": person.family, "given": [person.given]}],
            "birthDate": person.birth_date.isoformat(),
        }
    )
    shared: dict[str, Any] = {
        "status": "final",
        "category": [_VITAL_SIGNS],
        "subject": {"reference": patient["fullUrl"], "display": name},
        "effectiveDateTime": measurement.measured_on.isoformat(),
        "performer": [{"reference": patient["fullUrl"], "display": name}],
    }
    observations = [_entry({**shared, **observation}) for observation in _observations(measurement)]
    return {"resourceType": "Bundle", "type": "batch", "entry": [patient, *observations]}


def _observations(measurement: Measurement) -> list[dict[str, Any]]:
    observations: list[dict[str, Any]] = []
    if measurement.weight is not None:
        value = {"valueQuantity": _quantity(measurement.weight, "kg", "kg")}
        observations.append(_observation("BodyWeight", _loinc("29463-7", "Body weight"), value))
    if measurement.blood_pressure is not None:
        code = _loinc("85354-9", "Blood pressure panel with all children optional")
        components = {"component": _components(measurement.blood_pressure)}
        observations.append(_observation("BloodPressure", code, components))
    if measurement.heart_rate is not None:
        value = {"valueQuantity": _quantity(measurement.heart_rate, "/min", "/min")}
        observations.append(_observation("HeartRate", _loinc("8867-4", "Heart rate"), value))
    return observations


def _observation(profile: str, code: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Observation", "meta": {"profile": [_ZIB + profile]}, "code": code, **value}


def _components(pressure: BloodPressure) -> list[dict[str, Any]]:
    parts = (
        ("8480-6", "Systolic blood pressure", pressure.systolic),
        ("8462-4", "Diastolic blood pressure", pressure.diastolic),
    )
    return [
        {"code": _loinc(code, display), "valueQuantity": _quantity(value, "mmHg", "mm[Hg]")}
        for code, display, value in parts
    ]


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    return {
        "fullUrl": f"urn:uuid:{uuid4()}",
        "resource": resource,
        "request": {"method": "POST", "url": resource["resourceType"]},
    }


def _loinc(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": _LOINC, "code": code, "display": display}], "text": display}


def _quantity(value: float, unit: str, code: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": _UCUM, "code": code}
