"""That what the SDK sends to Customer and reads from Aggregated is FHIR R4, by models that are not this project's."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import digime_sdk.blocking
import httpx
import pytest
from digime_sdk import FhirError, FhirOutcome
from digime_sdk.blocking import PkbSDK
from fhir.resources.R4B.observation import Observation

from r4 import check
from sandbox import Sandbox

BOBBY = "Bobby Barton"
PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id"
ORG_CODE = "http://fhir.patientsknowbest.com/id/org-code"
DIGITS = ["86.50", "0.10", "120", "0.12345678901234567890"]
TYPES = ["Appointment", "Condition", "MedicationStatement", "Observation", "Patient"]


@pytest.fixture(scope="module")
def organisation(sandbox: Sandbox) -> PkbSDK:
    """The SDK of an organisation that sends and extracts data, with a patient who is in it."""
    customer, system = sandbox.pkb["customer"], sandbox.pkb["system"]
    sdk = digime_sdk.blocking.init_pkb(
        client_id=sandbox.pkb["clientId"],
        redirect_uri=sandbox.pkb["redirectUris"][0],
        environment="sandbox",
        endpoints={
            "base_url": sandbox.pkb["baseUrl"],
            "facade": {"token_url": sandbox.pkb["systemTokenUrl"]},
            "aggregated": {"url": customer["aggregatedUrl"], "token_url": customer["tokenUrl"]},
            "customer": {"url": customer["customerUrl"]},
        },
        system_client={"client_id": system["clientId"], "client_secret": system["clientSecret"]},
        customer_system_client={"client_id": customer["clientId"], "client_secret": customer["clientSecret"]},
    )
    asked = sdk.get_link_url(app_user_id=BOBBY)
    sdk.complete_link(app_user_id=BOBBY, callback_url=sandbox.approve(asked["url"], BOBBY))
    sdk.join_organisation(org_public_id=system["orgPublicId"], app_user_id=BOBBY)
    return sdk


@pytest.fixture(scope="module")
def sent(organisation: PkbSDK, sandbox: Sandbox) -> list[str]:
    """The ids at Customer of an organisation, a patient, and a measurement for each of the digits."""
    outcomes = organisation.fhir_transaction(bundle=transaction(sandbox))
    assert [outcome["status_code"] for outcome in outcomes] == [201] * (2 + len(DIGITS))
    return [id_of(outcome) for outcome in outcomes]


def id_of(outcome: FhirOutcome) -> str:
    """Give the id that Customer has given."""
    resource_id = outcome.get("id")
    assert resource_id
    return resource_id


def transaction(sandbox: Sandbox) -> dict[str, Any]:
    """Make the Bundle that is sent, valid as it is, with numbers of any number of digits."""
    own, theirs = (f"urn:uuid:{uuid4()}" for _ in range(2))
    public_id = {"system": PUBLIC_ID, "value": sandbox.person(BOBBY)["publicId"]}
    resources: dict[str, dict[str, Any]] = {
        own: {"resourceType": "Organization", "identifier": [{"system": ORG_CODE, "value": "acme"}], "name": "Acme"},
        theirs: {"resourceType": "Patient", "identifier": [public_id], "managingOrganization": {"reference": own}},
        **{f"urn:uuid:{uuid4()}": observation(theirs, Decimal(digits)) for digits in DIGITS},
    }
    entry = [
        {"fullUrl": url, "resource": each, "request": {"method": "POST", "url": each["resourceType"]}}
        for url, each in resources.items()
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entry}


def observation(subject: str, value: Decimal) -> dict[str, Any]:
    """Make a measurement of somebody."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Body weight"},
        "subject": {"reference": subject},
        "effectiveDateTime": "2026-07-01T09:00:00Z",
        "valueQuantity": {"value": value, "unit": "kg"},
    }


def stored(organisation: PkbSDK, sandbox: Sandbox, resource_type: str, resource_id: str) -> Any:
    """Give what Customer was sent, as another client than the SDK reads it."""
    token = organisation.get_system_token(surface="customer")["access_token"]
    url = f"{sandbox.pkb['customer']['customerUrl']}/{resource_type}/{resource_id}"
    headers = {"authorization": f"Bearer {token}", "accept": "application/fhir+json"}
    text = httpx.get(url, headers=headers, trust_env=False).raise_for_status().text
    return json.loads(text, parse_float=Decimal)


def test_what_is_sent_in_a_transaction_is_r4_with_all_its_digits(
    organisation: PkbSDK, sandbox: Sandbox, sent: list[str]
) -> None:
    check("Bundle", transaction(sandbox))
    own, theirs, *measured = sent
    check("Organization", stored(organisation, sandbox, "Organization", own))
    patient = check("Patient", stored(organisation, sandbox, "Patient", theirs))
    assert patient.managingOrganization.reference == f"Organization/{own}"
    observations = [check("Observation", stored(organisation, sandbox, "Observation", each)) for each in measured]
    assert [str(each.valueQuantity.value) for each in observations] == DIGITS
    assert {each.subject.reference for each in observations} == {f"Patient/{theirs}"}


def test_what_is_sent_alone_is_r4_with_all_its_digits(organisation: PkbSDK, sandbox: Sandbox, sent: list[str]) -> None:
    subject = f"Patient/{sent[1]}"
    made = organisation.fhir_create(resource=observation(subject, Decimal("72.00")))
    body = stored(organisation, sandbox, "Observation", id_of(made))
    assert str(check("Observation", body).valueQuantity.value) == "72.00"
    organisation.fhir_update(resource={**body, "valueQuantity": {"value": Decimal("72.010"), "unit": "kg"}})
    body = stored(organisation, sandbox, "Observation", id_of(made))
    assert str(check("Observation", body).valueQuantity.value) == "72.010"


def test_what_a_model_makes_is_sent_as_it_is_and_read_as_it_was(organisation: PkbSDK, sent: list[str]) -> None:
    model = Observation.model_validate(observation(f"Patient/{sent[1]}", Decimal("61.25")))
    made = organisation.fhir_create(resource=model.model_dump_json().encode())
    read = organisation.fhir_read(surface="customer", resource_type="Observation", id=id_of(made), parse_float=Decimal)
    check("Observation", read)
    own = {name: read[name] for name in json.loads(model.model_dump_json())}
    assert Observation.model_validate(own) == model


@pytest.mark.parametrize("resource_type", TYPES)
@pytest.mark.usefixtures("sent")
def test_every_page_of_aggregated_is_a_bundle_of_r4(organisation: PkbSDK, resource_type: str) -> None:
    search: Any = {"surface": "aggregated", "app_user_id": BOBBY, "resource_type": resource_type}
    pages = list(organisation.fhir_search(**search, parameters={"_count": 3}, parse_float=Decimal))
    for page in pages:
        check("Bundle", page)
    found = [entry["resource"] for page in pages for entry in page["entry"]]
    for each in found:
        check(resource_type, each)
    one_by_one = [each["resource"] for each in organisation.fhir_search_resources(**search, parse_float=Decimal)]
    assert found == one_by_one != []


@pytest.mark.usefixtures("sent")
def test_numbers_of_aggregated_have_the_digits_with_which_they_were_sent(organisation: PkbSDK) -> None:
    search: Any = {"surface": "aggregated", "app_user_id": BOBBY, "parse_float": Decimal}
    measured = [
        check("Observation", each["resource"]).valueQuantity.value
        for each in organisation.fhir_search_resources(**search, resource_type="Observation")
    ]
    assert {str(value) for value in measured} >= set(DIGITS)
    taken = [
        check("MedicationStatement", each["resource"]).dosage[0].doseAndRate[0].doseQuantity.value
        for each in organisation.fhir_search_resources(**search, resource_type="MedicationStatement")
    ]
    assert sorted(map(str, taken)) == ["10.0", "2.50"]


@pytest.mark.parametrize("surface", ["aggregated", "customer"])
def test_the_metadata_are_a_capability_statement_of_r4(organisation: PkbSDK, surface: Any) -> None:
    body = organisation.request(surface=surface, path="metadata")["body"]
    assert check("CapabilityStatement", body).fhirVersion.startswith("4.0")


@pytest.mark.parametrize("surface", ["aggregated", "customer"])
def test_the_refusal_of_a_read_is_an_operation_outcome_of_r4(organisation: PkbSDK, surface: Any) -> None:
    with pytest.raises(FhirError) as refused:
        organisation.fhir_read(surface=surface, resource_type="Patient", id="none")
    check("OperationOutcome", refused.value.operation_outcome)


@pytest.mark.parametrize(
    "wrong", [{"status": "done"}, {"effectiveDateTime": "1 July 2026"}, {"colour": "blue"}, {"valueInteger": 3}]
)
def test_a_body_that_is_not_r4_fails_the_check(wrong: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check("Observation", {**observation("Patient/1", Decimal(1)), **wrong})
