"""Calls of Patients Know Best: from the address that a patient is sent to until their record is read, page by page."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from digime_sdk import blocking
from flavours import FLAVOURS, Flavour
from platform_double import PATIENCE, Platform

if TYPE_CHECKING:
    from pathlib import Path

    from patients_know_best import PatientsKnowBest

USER = "user-1"


@pytest.fixture(params=FLAVOURS.values(), ids=list(FLAVOURS))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    chosen: Flavour = request.param
    return chosen


def linked(patients_know_best: PatientsKnowBest, flavour: Flavour, **more: Any) -> Any:
    sdk = flavour.init_pkb(patients_know_best.configured(**more))
    url = flavour.call(sdk.get_link_url, app_user_id=USER)["url"]
    flavour.call(sdk.complete_link, callback_url=patients_know_best.decide(url), app_user_id=USER)
    return sdk


def vital_signs(patients_know_best: PatientsKnowBest, count: int) -> dict[str, Any]:
    parameters = {"patient": patients_know_best.people[0]["publicId"], "category": "vital-signs", "_count": count}
    return {"app_user_id": USER, "resource_type": "Observation", "parameters": parameters}


def test_a_patient_is_linked_and_known(patients_know_best: PatientsKnowBest, flavour: Flavour) -> None:
    sdk = flavour.init_pkb(**patients_know_best.config)
    sent = flavour.call(sdk.get_link_url, app_user_id=USER, context={"page": "charts"})
    callback_url = patients_know_best.decide(sent["url"])
    link = flavour.call(sdk.complete_link, callback_url=callback_url, app_user_id=USER)
    assert link["public_id"] == patients_know_best.people[0]["publicId"]
    assert (link["app_user_id"], link["status"], link["context"]) == (USER, "active", {"page": "charts"})
    person = flavour.call(sdk.get_current_user, app_user_id=USER)
    assert (person["first_name"], person["last_name"]) == ("Bobby", "Barton")
    assert "https://fhir.nhs.uk/Id/nhs-number" in {each.get("system") for each in person["national_ids"]}
    resource = flavour.call(sdk.fhir_read, app_user_id=USER, resource_type="Patient", id=link["public_id"])
    assert (resource["resourceType"], resource["id"]) == ("Patient", link["public_id"])


def test_a_search_gives_its_pages_one_after_the_other(patients_know_best: PatientsKnowBest, flavour: Flavour) -> None:
    sdk = linked(patients_know_best, flavour)
    pages = flavour.pages(sdk.fhir_search(**vital_signs(patients_know_best, 50)))
    assert len(pages) > 1
    assert {page["resourceType"] for page in pages} == {"Bundle"}
    ids = [entry["resource"]["id"] for page in pages for entry in page["entry"]]
    assert len(set(ids)) == len(ids) > 50


def test_a_search_is_made_only_as_far_as_it_is_gone_through(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked(patients_know_best, FLAVOURS["blocking"])
    before = patients_know_best.tally()["calls"]
    results: blocking.Results[Any] = sdk.fhir_search(**vital_signs(patients_know_best, 10))
    assert patients_know_best.tally()["calls"] == before
    for _ in results:
        break
    assert patients_know_best.tally()["calls"] == before + 1
    next(results)
    results.close()
    assert list(results) == []
    assert patients_know_best.tally()["calls"] == before + 2


def test_asyncio_makes_a_search_only_as_far_as_it_is_gone_through(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked(patients_know_best, FLAVOURS["asyncio"])
    before = patients_know_best.tally()["calls"]

    async def main() -> None:
        results: digime_sdk.Results[Any] = sdk.fhir_search(**vital_signs(patients_know_best, 10))
        async for _ in results:
            break
        await results.__anext__()
        await results.aclose()
        assert [page async for page in results] == []

    asyncio.run(main())
    assert patients_know_best.tally()["calls"] == before + 2


def test_a_search_that_broke_off_is_not_taken_for_one_that_has_ended(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked(patients_know_best, FLAVOURS["asyncio"])
    plain = linked(patients_know_best, FLAVOURS["blocking"])

    async def main() -> None:
        results: digime_sdk.Results[Any] = sdk.fhir_search(**vital_signs(patients_know_best, 10))
        page = asyncio.ensure_future(results.__anext__())
        await asyncio.sleep(0)
        page.cancel()
        with pytest.raises(asyncio.CancelledError):
            await page
        with pytest.raises(ValueError, match="broke off"):
            await results.__anext__()

    asyncio.run(main())
    patients_know_best.control("faults", {"route": "GET /fhir/Observation", "fault": {"status": 500}, "count": 1})
    results: blocking.Results[Any] = plain.fhir_search(**vital_signs(patients_know_best, 10))
    with pytest.raises(digime_sdk.HTTPError):
        next(results)
    with pytest.raises(ValueError, match="broke off"):
        next(results)


def test_a_search_that_is_let_go_of_leaves_nothing_behind(
    patients_know_best: PatientsKnowBest, caplog: pytest.LogCaptureFixture
) -> None:
    sdk = linked(patients_know_best, FLAVOURS["asyncio"])

    async def main() -> None:
        async for _ in sdk.fhir_search(**vital_signs(patients_know_best, 10)):
            return

    asyncio.run(main())
    gc.collect()
    assert caplog.records == []


def test_cancelling_a_search_drops_its_request(
    patients_know_best: PatientsKnowBest, platform: Platform, tmp_path: Path
) -> None:
    store = str(tmp_path / "links.db")
    linked(patients_know_best, FLAVOURS["asyncio"], store=store)
    config = patients_know_best.configured(store=store, endpoints={"facade": {"url": platform.at("silent")}})
    silent = digime_sdk.init_pkb(config)

    async def main() -> None:
        search = silent.fhir_search(**vital_signs(patients_know_best, 10))
        task = asyncio.ensure_future(search.__anext__())
        assert await asyncio.to_thread(platform.arrived.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(platform.dropped.wait, PATIENCE)
        with pytest.raises(ValueError, match="broke off"):
            await search.__anext__()

    asyncio.run(main())


def test_wrong_options_of_a_search_are_refused_at_once(patients_know_best: PatientsKnowBest, flavour: Flavour) -> None:
    sdk = flavour.init_pkb(**patients_know_best.config)
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        sdk.fhir_search(app_user_id=USER, resource_type=5)
    assert caught.value.path == "options.resource_type"


def test_a_request_of_ones_own_answers_as_its_content_type_says(
    patients_know_best: PatientsKnowBest, flavour: Flavour
) -> None:
    sdk = linked(patients_know_best, flavour)
    answer = flavour.call(sdk.request, app_user_id=USER, path="/fhir/metadata")
    assert answer["status_code"] == 200
    assert answer["headers"]["content-type"].startswith("application/fhir+json")
    assert answer["body"]["resourceType"] == "CapabilityStatement"
    measurement = {"apiRef": "weight", "takenDate": "2026-07-01", "values": [{"apiRef": "weight", "value": "86.5"}]}
    before = patients_know_best.tally()["writes"]
    path = "/json/v1/measurements"
    written = flavour.call(sdk.request, app_user_id=USER, path=path, method="POST", body=measurement)
    assert written["body"]["apiRef"] == "weight"
    assert patients_know_best.tally()["writes"] == before + 1


def test_a_system_client_acts_for_an_organisation(patients_know_best: PatientsKnowBest, flavour: Flavour) -> None:
    system = patients_know_best.system
    credentials = {"client_id": system["clientId"], "client_secret": system["clientSecret"]}
    endpoints = {"facade": {"token_url": patients_know_best.system_token_url}}
    sdk = flavour.init_pkb(patients_know_best.configured(system_client=credentials, endpoints=endpoints))
    assert flavour.call(sdk.get_system_token)["access_token"]
    public_id = patients_know_best.people[0]["publicId"]
    options = {"org_public_id": system["orgPublicId"], "resource_type": "Patient"}
    assert flavour.call(sdk.fhir_read, **options, id=public_id)["id"] == public_id


def test_the_application_learns_of_new_tokens_and_of_links_that_are_over(
    patients_know_best: PatientsKnowBest, flavour: Flavour
) -> None:
    told: list[Any] = []
    sdk = linked(patients_know_best, flavour, on_tokens_changed=told.append, on_link_expired=told.append)
    patients_know_best.control("pkb/expire-access-tokens")
    flavour.call(sdk.get_current_user, app_user_id=USER)
    (changed,) = told
    assert changed["app_user_id"] == USER
    assert changed["access_token_expires_at"] == flavour.call(sdk.get_access_token, app_user_id=USER)["expires_at"]
    patients_know_best.control("pkb/expire-sessions")
    with pytest.raises(digime_sdk.LinkExpiredError) as caught:
        flavour.call(sdk.get_current_user, app_user_id=USER)
    assert caught.value.reason == "API_SESSION_EXPIRED"
    assert told[1] == flavour.call(sdk.get_link, app_user_id=USER)
    assert told[1]["status"] == "expired"
