"""How data of one's own is sent to PKB's Customer API: the organisation first, then the patient, then the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

_ORG_CODE = "http://fhir.patientsknowbest.com/id/org-code"
_TIME_ZONE = "http://fhir.patientsknowbest.com/structuredefinition/time-zone-id"
_PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id"

Resource = dict[str, Any]
"""One that has an identifier."""

DataAbout = Callable[[dict[str, str]], list[Resource]]
"""Gives resources about the patient to whom this reference leads."""


def transaction_of(code: str, public_id: str, data_about: DataAbout) -> Resource:
    """Make a transaction that may be sent again: each resource is made where there is none with its identifier.

    The code is the organisation's, the public id the patient's.
    """
    organization, patient = _reference(), _reference()
    entries = [
        _entry(
            organization,
            {
                "resourceType": "Organization",
                "identifier": [{"system": _ORG_CODE, "value": code}],
                "extension": [{"url": _TIME_ZONE, "valueString": "Europe/London"}],
            },
        ),
        _entry(
            patient,
            {
                "resourceType": "Patient",
                "identifier": [{"system": _PUBLIC_ID, "value": public_id}],
                # By it PKB knows from whom the data are. Without one it may show them to nobody, with no word of it.
                "managingOrganization": organization,
            },
        ),
    ]
    entries += [_entry(_reference(), resource) for resource in data_about(patient)]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _reference() -> dict[str, str]:
    """Refer to a resource of the same transaction."""
    return {"reference": f"urn:uuid:{uuid4()}"}


def _entry(itself: dict[str, str], resource: Resource) -> Resource:
    (identifier,) = resource["identifier"]
    search = urlencode({"identifier": f"{identifier['system']}|{identifier['value']}"})
    request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": search}
    return {"fullUrl": itself["reference"], "resource": resource, "request": request}
