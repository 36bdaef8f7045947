"""The person who is played in front of the sandbox's pages, as an application meets them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from digime_sdk import blocking

from digime_sandbox import Sandbox


@pytest.fixture(autouse=True)
def environment(digime_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in digime_sandbox.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def consent_page(digime_sandbox: Sandbox) -> str:
    contract = digime_sandbox.announcement["contracts"]["read"]
    sdk = blocking.init(application_id=digime_sandbox.announcement["applicationId"])
    authorization = sdk.get_authorize_url(
        contract_details={"contract_id": contract["contractId"], "private_key": contract["privateKey"]},
        callback="http://localhost/return",
        state="state",
    )
    return authorization["url"]


@pytest.fixture
def pkb(digime_sandbox: Sandbox) -> Iterator[blocking.PkbSDK]:
    client = digime_sandbox.announcement["pkb"]
    with blocking.init_pkb(
        client_id=client["clientId"], redirect_uri=client["redirectUris"][0], environment="sandbox"
    ) as sdk:
        yield sdk


def query_of(address: str) -> dict[str, list[str]]:
    assert address.startswith("http://localhost/return?")
    return parse_qs(urlsplit(address).query)


def test_who_approves_comes_back_with_a_code(digime_sandbox: Sandbox, consent_page: str) -> None:
    query = query_of(digime_sandbox.approve(consent_page, source="Stappenteller"))
    assert query["code"]
    assert query["state"] == ["state"]


def test_who_declines_comes_back_without(digime_sandbox: Sandbox, consent_page: str) -> None:
    assert "code" not in query_of(digime_sandbox.decline(consent_page))


def test_a_source_that_is_not_offered_is_refused_with_those_that_are(
    digime_sandbox: Sandbox, consent_page: str
) -> None:
    with pytest.raises(ValueError, match=r"source: .* 'Nobody', but .*Stappenteller"):
        digime_sandbox.approve(consent_page, source="Nobody")


def test_a_choice_that_the_page_does_not_ask_for_is_refused(
    digime_sandbox: Sandbox, consent_page: str, pkb: blocking.PkbSDK
) -> None:
    with pytest.raises(ValueError, match="person: nobody logs in on the page"):
        digime_sandbox.approve(consent_page, person="Morag Specimen")
    page = pkb.get_link_url(app_user_id="user")["url"]
    with pytest.raises(ValueError, match="source: the page has no sources"):
        digime_sandbox.decline(page, source="Stappenteller")


def test_a_page_that_asks_nothing_is_refused_with_what_it_says(digime_sandbox: Sandbox, consent_page: str) -> None:
    digime_sandbox.approve(consent_page)
    with pytest.raises(ValueError, match="was used already"):
        digime_sandbox.approve(consent_page)


def test_a_patient_logs_in_by_name(digime_sandbox: Sandbox, pkb: blocking.PkbSDK) -> None:
    page = pkb.get_link_url(app_user_id="user")["url"]
    pkb.complete_link(callback_url=digime_sandbox.approve(page, person="Morag Specimen"), app_user_id="user")


def test_somebody_unknown_is_refused_with_those_who_are_known(digime_sandbox: Sandbox, pkb: blocking.PkbSDK) -> None:
    page = pkb.get_link_url(app_user_id="user")["url"]
    with pytest.raises(ValueError, match=r"person: .* 'Nobody'; there are Bobby Barton"):
        digime_sandbox.approve(page, person="Nobody")
