"""What FHIR STU3 says of a body, as `fhir.resources` knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from fhir.resources.STU3.bundle import Bundle
from fhir.resources.STU3.capabilitystatement import CapabilityStatement
from fhir.resources.STU3.observation import Observation
from fhir.resources.STU3.operationoutcome import OperationOutcome
from fhir.resources.STU3.parameters import Parameters
from fhir.resources.STU3.patient import Patient
from pydantic import BaseModel

_MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model for model in (Bundle, CapabilityStatement, Observation, OperationOutcome, Parameters, Patient)
}

# Any media type is one: "mime" stands for them in the list of the models.
_OPEN = {"CapabilityStatement.format"}


def check(resource_type: str, body: dict[str, Any]) -> None:
    """Fail unless the body is a valid resource of this type, and so is everything that it contains."""
    assert body.get("resourceType") == resource_type
    wrong = list(_wrong_codes(_MODELS[resource_type].model_validate(body), resource_type))
    assert not wrong, wrong


def _wrong_codes(model: BaseModel, path: str) -> Iterator[str]:
    """Find the codes outside of the value sets that FHIR requires, which the models know and do not check."""
    for name, field in type(model).model_fields.items():
        allowed = cast("dict[str, Any]", field.json_schema_extra or {}).get("enum_values")
        value = getattr(model, name)
        here = f"{path}.{name}"
        for each in cast("list[object]", value if isinstance(value, list) else [value]):
            if isinstance(each, BaseModel):
                yield from _wrong_codes(each, here)
            elif each is not None and allowed and here not in _OPEN and each not in allowed:
                yield f"{here}: {each!r} is none of {allowed}"
