"""What a care provider may refuse is found before it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import digime_sdk
import pytest
from digime_sdk import ProviderDataError, TypeValidationError
from flavours import FLAVOURS, Flavour
from platform_double import Platform

OBSERVATION = {
    "resourceType": "Observation",
    "meta": {"profile": ["http://example.org"]},
    "subject": {"reference": "urn:uuid:secret-7"},
}
BUNDLE = {
    "resourceType": "Bundle",
    "type": "batch",
    "entry": [{"resource": OBSERVATION, "request": {"method": "POST", "url": "Observation"}}],
}
FOUND = [
    "warning kind-resources entry",
    "warning observation-loinc entry[0].resource.code",
    "error reference-display entry[0].resource.subject.display",
]


@pytest.fixture(params=FLAVOURS.values(), ids=list(FLAVOURS))
def flavour(request: pytest.FixtureRequest) -> Flavour:
    chosen: Flavour = request.param
    return chosen


def told(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"{each['severity']} {each['rule']} {each['path']}" for each in findings]


def test_data_is_looked_at_as_a_dict_as_text_and_as_bytes_and_nobody_is_asked(
    platform: Platform, flavour: Flavour
) -> None:
    sdk = flavour.init(application_id="app", base_url=platform.at("ok"))
    text = json.dumps(BUNDLE)
    for data in (BUNDLE, text, text.encode()):
        assert told(flavour.call(sdk.check_provider_data, data=data, version="stu3")) == FOUND
    assert not platform.requests
    with pytest.raises(TypeValidationError):
        flavour.call(sdk.check_provider_data, data=BUNDLE, version="r4")


def test_a_push_that_is_checked_and_has_an_error_is_not_sent_and_its_error_has_all_that_was_found(
    platform: Platform, options: Any
) -> None:
    sdk = digime_sdk.blocking.init(application_id="app", base_url=platform.at("ok"))
    push = {**options, "type": "provider", "account_id": "1", "version": "stu3", "data": BUNDLE}
    with pytest.raises(ProviderDataError, match=r"1 error in findings, the first at entry\[0\]") as raised:
        sdk.push_data(**push, check=True)
    assert raised.value.code == "ERR_PROVIDER_DATA"
    assert told(raised.value.findings) == FOUND
    assert "secret-7" not in f"{raised.value}{raised.value.findings}"
    assert not platform.requests
