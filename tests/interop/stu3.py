"""What FHIR STU3 says of a body, as `fhir.resources` knows it."""

from __future__ import annotations

from typing import Any

from fhir.resources.STU3.bundle import Bundle
from fhir.resources.STU3.capabilitystatement import CapabilityStatement
from fhir.resources.STU3.observation import Observation
from fhir.resources.STU3.operationoutcome import OperationOutcome
from fhir.resources.STU3.parameters import Parameters
from fhir.resources.STU3.patient import Patient
from pydantic import BaseModel

from fhir_models import judged

_MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model for model in (Bundle, CapabilityStatement, Observation, OperationOutcome, Parameters, Patient)
}

# Any media type is one: "mime" stands for them in the list of the models.
_OPEN = {"CapabilityStatement.format"}


def check(resource_type: str, body: dict[str, Any]) -> None:
    """Fail unless the body is a valid resource of this type, and so is everything that it contains."""
    judged(_MODELS[resource_type], body, _OPEN)
