"""What FHIR R4 says of a body, as `fhir.resources` knows it: it has R4B, which changed none of these types."""

from __future__ import annotations

from typing import Any

from fhir.resources.R4B.appointment import Appointment
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.medicationstatement import MedicationStatement
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.organization import Organization
from fhir.resources.R4B.patient import Patient
from pydantic import BaseModel

from fhir_models import judged

_MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        Appointment,
        Bundle,
        CapabilityStatement,
        Condition,
        MedicationStatement,
        Observation,
        OperationOutcome,
        Organization,
        Patient,
    )
}

# Any media type is one: "mime" stands for them in the list of the models.
_OPEN = {"CapabilityStatement.format", "CapabilityStatement.patchFormat"}


def check(resource_type: str, body: dict[str, Any]) -> Any:
    """Give the resource of this type; fail unless the body is a valid one, and so is everything that it contains."""
    return judged(_MODELS[resource_type], body, _OPEN)
