"""That what the SDK reads from the sandbox is FHIR STU3, by models that this project has no part in."""

from __future__ import annotations

from typing import Any

import pytest
from digime_sdk import FhirError
from digime_sdk.blocking import PkbSDK

from conftest import Linked
from sandbox import Sandbox
from stu3 import check

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_a_record_is_a_patient(pkb: PkbSDK, patient: Linked) -> None:
    body = pkb.fhir_read(app_user_id=patient.name, resource_type="Patient", id=patient.public_id)
    check("Patient", body)
    assert body["id"] == patient.public_id


@pytest.mark.parametrize("category", ["vital-signs", "laboratory"])
def test_every_page_of_a_search_is_a_bundle_of_observations(pkb: PkbSDK, patient: Linked, category: str) -> None:
    by_page_size = [observations(pkb, patient, category=category, _count=count) for count in (7, 100)]
    assert by_page_size[0] == by_page_size[1] != []


def test_a_search_that_finds_nothing_is_an_empty_bundle(pkb: PkbSDK, patient: Linked) -> None:
    assert observations(pkb, patient, category="vital-signs", date="lt1900-01-01") == []


def test_a_search_by_nhs_number_is_a_bundle_of_a_patient(pkb: PkbSDK, sandbox: Sandbox) -> None:
    organisation = sandbox.pkb["system"]["orgPublicId"]
    bobby = sandbox.person("Bobby Barton")["publicId"]
    record = pkb.fhir_read(org_public_id=organisation, resource_type="Patient", id=bobby)
    check("Patient", record)
    number = next(each["value"] for each in record["identifier"] if each["system"] == NHS_NUMBER)
    [page] = pkb.fhir_search(
        org_public_id=organisation, resource_type="Patient", parameters={"identifier": f"{NHS_NUMBER}|{number}"}
    )
    check("Bundle", page)
    assert [entry["resource"] for entry in page["entry"]] == [record]


def test_a_purview_is_parameters(pkb: PkbSDK, patient: Linked) -> None:
    body = pkb.request(app_user_id=patient.name, path="/fhir/Consent/$purview")["body"]
    check("Parameters", body)
    assert body["parameter"][0]["valueReference"]["reference"] == f"Patient/{patient.public_id}"


def test_the_metadata_are_a_capability_statement(pkb: PkbSDK, patient: Linked) -> None:
    body = pkb.request(app_user_id=patient.name, path="/fhir/metadata")["body"]
    check("CapabilityStatement", body)
    assert body["fhirVersion"].startswith("3.0")


def test_the_refusal_of_a_record_is_an_operation_outcome(pkb: PkbSDK, patient: Linked, sandbox: Sandbox) -> None:
    others = [each["publicId"] for each in sandbox.pkb["people"] if each["publicId"] != patient.public_id]
    for public_id in [*others, NOBODY]:
        with pytest.raises(FhirError) as refused:
            pkb.fhir_read(app_user_id=patient.name, resource_type="Patient", id=public_id)
        check("OperationOutcome", refused.value.operation_outcome)


def test_the_refusal_of_an_organisation_is_an_operation_outcome(pkb: PkbSDK, sandbox: Sandbox) -> None:
    bobby = sandbox.person("Bobby Barton")["publicId"]
    with pytest.raises(FhirError) as refused:
        pkb.fhir_read(org_public_id=NOBODY, resource_type="Patient", id=bobby)
    assert refused.value.pkb_code == "NO_ASSOCIATION"
    check("OperationOutcome", refused.value.operation_outcome)


@pytest.mark.parametrize(
    "parameters", [{"category": "vital-signs", "date": "soon"}, {"category": "vital-signs", "colour": "blue"}]
)
def test_the_refusal_of_a_search_is_an_operation_outcome(
    pkb: PkbSDK, patient: Linked, parameters: dict[str, str]
) -> None:
    with pytest.raises(FhirError) as refused:
        observations(pkb, patient, **parameters)
    assert refused.value.status_code == 400
    check("OperationOutcome", refused.value.operation_outcome)


def test_the_refusal_of_frozen_access_is_an_operation_outcome(pkb: PkbSDK, patient: Linked, sandbox: Sandbox) -> None:
    with sandbox.frozen(patient.public_id), pytest.raises(FhirError) as refused:
        pkb.fhir_read(app_user_id=patient.name, resource_type="Patient", id=patient.public_id)
    assert refused.value.pkb_code == "ACCESS_FROZEN_OUTWARD"
    check("OperationOutcome", refused.value.operation_outcome)


@pytest.mark.parametrize(
    "wrong", [{"gender": "M"}, {"birthDate": "1 January 2000"}, {"colour": "blue"}, {"name": {"family": "Barton"}}]
)
def test_a_body_that_is_not_stu3_fails_the_check(wrong: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check("Patient", {"resourceType": "Patient", **wrong})


def observations(pkb: PkbSDK, patient: Linked, **parameters: str | int) -> list[dict[str, Any]]:
    """Search for a patient's Observations; give those of all pages, once every page has been checked."""
    found: list[dict[str, Any]] = []
    for page in pkb.fhir_search(
        app_user_id=patient.name,
        resource_type="Observation",
        parameters={"patient": patient.public_id, **parameters},
    ):
        check("Bundle", page)
        for entry in page.get("entry", []):
            check("Observation", entry["resource"])
            assert entry["resource"]["subject"]["reference"] == f"Patient/{patient.public_id}"
            found.append(entry["resource"])
    return found
