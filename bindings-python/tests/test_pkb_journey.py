"""Where PKB's guide for partners goes on: what is sent comes back, and what is new is watched for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from digime_sdk import TypeValidationError
from flavours import FLAVOURS, Flavour
from patients_know_best import PatientsKnowBest

USER = "user-1"
PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id"
ORG_CODE = "http://fhir.patientsknowbest.com/id/org-code"


@pytest.fixture(params=FLAVOURS.values(), ids=list(FLAVOURS))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    chosen: Flavour = request.param
    return chosen


def joined(patients_know_best: PatientsKnowBest, flavour: Flavour) -> Any:
    """Give the SDK with a patient who is linked, and in the organisation."""
    customer, system = patients_know_best.announced["pkb"]["customer"], patients_know_best.system
    endpoints = {
        "facade": {"token_url": patients_know_best.system_token_url},
        "aggregated": {"url": customer["aggregatedUrl"], "token_url": customer["tokenUrl"]},
        "customer": {"url": customer["customerUrl"]},
    }
    config = patients_know_best.configured(
        endpoints=endpoints,
        system_client={"client_id": system["clientId"], "client_secret": system["clientSecret"]},
        customer_system_client={"client_id": customer["clientId"], "client_secret": customer["clientSecret"]},
    )
    sdk = flavour.init_pkb(config)
    url = flavour.call(sdk.get_link_url, app_user_id=USER)["url"]
    flavour.call(sdk.complete_link, callback_url=patients_know_best.decide(url), app_user_id=USER)
    flavour.call(sdk.join_organisation, org_public_id=system["orgPublicId"], app_user_id=USER)
    return sdk


def measured(patients_know_best: PatientsKnowBest, value: Decimal) -> dict[str, Any]:
    """Give a transaction of an organisation, a patient of it, and what was measured of them."""
    organization, patient = "urn:uuid:6f8c1f8e-0001", "urn:uuid:6f8c1f8e-0002"
    resources: dict[str, dict[str, Any]] = {
        organization: {"resourceType": "Organization", "identifier": [{"system": ORG_CODE, "value": "acme"}]},
        patient: {
            "resourceType": "Patient",
            "identifier": [{"system": PUBLIC_ID, "value": patients_know_best.people[0]["publicId"]}],
            "managingOrganization": {"reference": organization},
        },
        "urn:uuid:6f8c1f8e-0003": {
            "resourceType": "Observation",
            "status": "final",
            "subject": {"reference": patient},
            "effectiveDateTime": "2026-07-01T09:00:00Z",
            "code": {"text": "Body weight"},
            "valueQuantity": {"value": value, "unit": "kg"},
        },
    }
    entry = [
        {"fullUrl": url, "resource": each, "request": {"method": "POST", "url": each["resourceType"]}}
        for url, each in resources.items()
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entry}


def test_what_is_sent_to_customer_is_found_in_aggregated_with_all_its_digits(
    patients_know_best: PatientsKnowBest, flavour: Flavour
) -> None:
    sdk = joined(patients_know_best, flavour)
    bundle = measured(patients_know_best, Decimal("86.50"))
    outcomes = flavour.call(sdk.fhir_transaction, bundle=bundle)
    assert [outcome["status_code"] for outcome in outcomes] == [201, 201, 201]
    search = {"surface": "aggregated", "app_user_id": USER, "resource_type": "Observation", "parse_float": Decimal}
    found = flavour.pages(sdk.fhir_search_resources(**search))
    assert [each["search_mode"] for each in found] == ["match"] * len(found)
    assert "86.50" in {str(each["resource"]["valueQuantity"]["value"]) for each in found}


def test_a_resource_is_made_read_and_replaced(patients_know_best: PatientsKnowBest, flavour: Flavour) -> None:
    sdk = joined(patients_know_best, flavour)
    made = flavour.call(sdk.fhir_create, resource={"resourceType": "Organization", "name": "A surgery"})
    read = flavour.call(sdk.fhir_read, surface="customer", resource_type="Organization", id=made["id"])
    read["name"] = "Another"
    replaced = flavour.call(sdk.fhir_update, resource=read, if_version=made["version_id"])
    assert replaced["resource"]["name"] == "Another"
    entry = [{"request": {"method": "GET", "url": "Organization/none"}}]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entry}
    (outcome,) = flavour.call(sdk.fhir_batch, bundle=bundle)
    assert outcome["status_code"] == 404
    assert outcome["issues"]


def test_what_pkb_does_not_let_a_client_do_is_refused_by_name(
    patients_know_best: PatientsKnowBest, flavour: Flavour
) -> None:
    sdk = joined(patients_know_best, flavour)
    organisation = patients_know_best.system["orgPublicId"]
    calls = patients_know_best.tally()["calls"]
    with pytest.raises(TypeValidationError, match=r"options\.org_public_id"):
        flavour.call(sdk.request, path="/json/users/self", org_public_id=organisation)
    with pytest.raises(TypeValidationError, match=r"options\.patient_parameter"):
        flavour.pages(sdk.fhir_search(surface="aggregated", app_user_id=USER, resource_type="Task"))
    assert patients_know_best.tally()["calls"] == calls


def test_a_record_that_changes_is_given_by_whoever_watches(
    patients_know_best: PatientsKnowBest, flavour: Flavour
) -> None:
    sdk = joined(patients_know_best, flavour)
    bundle = measured(patients_know_best, Decimal("86.10"))
    watched = sdk.watch(every=1000, per_second=50)
    first, second = flavour.some(watched, 2, lambda: sdk.fhir_transaction(bundle=bundle))
    assert (first["app_user_id"], first.get("previous")) == (USER, None)
    assert second["previous"] == first["last_change"]
    assert second["last_change"] != first["last_change"]
