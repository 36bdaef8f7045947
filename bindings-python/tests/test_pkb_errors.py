"""What goes wrong with Patients Know Best: each class of error with its attributes, and stores that are none."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from digime_sdk import LinkQuery, blocking
from stores import LateStore, SimpleStore

if TYPE_CHECKING:
    from pathlib import Path

    from patients_know_best import PatientsKnowBest

USER = "user-1"


def init(patients_know_best: PatientsKnowBest, **more: Any) -> blocking.PkbSDK:
    return blocking.init_pkb(patients_know_best.configured(**more))


def linked(patients_know_best: PatientsKnowBest, **more: Any) -> blocking.PkbSDK:
    sdk = init(patients_know_best, **more)
    callback_url = patients_know_best.decide(sdk.get_link_url(app_user_id=USER)["url"])
    sdk.complete_link(callback_url=callback_url, app_user_id=USER)
    return sdk


def test_a_refusal_by_the_fhir_api_has_its_outcome_and_shows_none_of_it(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked(patients_know_best)
    with pytest.raises(digime_sdk.FhirError) as caught:
        sdk.fhir_read(app_user_id=USER, resource_type="Patient", id=patients_know_best.people[1]["publicId"])
    error = caught.value
    assert isinstance(error, digime_sdk.PkbError)
    assert (error.pkb_code, error.status_code) == ("NO_CONSENT", 403)
    assert [issue["severity"] for issue in error.issues] == ["error"]
    assert error.operation_outcome["resourceType"] == "OperationOutcome"
    assert "OperationOutcome" not in repr(error)


def test_a_refusal_by_the_rest_api_has_its_code(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked(patients_know_best)
    public_id = patients_know_best.people[0]["publicId"]
    patients_know_best.control("pkb/freeze", {"publicId": public_id})
    try:
        with pytest.raises(digime_sdk.PkbError) as caught:
            sdk.get_current_user(app_user_id=USER)
    finally:
        patients_know_best.control("pkb/unfreeze", {"publicId": public_id})
    assert type(caught.value) is digime_sdk.PkbError
    assert (caught.value.pkb_code, caught.value.status_code) == ("ACCESS_FROZEN_OUTWARD", 403)


def test_a_denied_link_says_what_the_callback_says(patients_know_best: PatientsKnowBest) -> None:
    sdk = init(patients_know_best)
    callback_url = patients_know_best.decide(sdk.get_link_url(app_user_id=USER)["url"], "deny")
    with pytest.raises(digime_sdk.LinkDeniedError) as caught:
        sdk.complete_link(callback_url=callback_url, app_user_id=USER)
    assert caught.value.error == "access_denied"
    assert caught.value.error_description
    assert (caught.value.pkb_code, caught.value.status_code) == (None, None)


def test_a_callback_of_no_attempt_says_why(patients_know_best: PatientsKnowBest) -> None:
    with pytest.raises(digime_sdk.LinkStateError) as caught:
        init(patients_know_best).complete_link(code="made up", state="made up", any_user=True)
    assert caught.value.reason == "unknown"


def test_a_user_without_a_link_is_not_linked(patients_know_best: PatientsKnowBest) -> None:
    sdk = init(patients_know_best)
    assert sdk.get_link(app_user_id=USER) is None
    with pytest.raises(digime_sdk.NotLinkedError):
        sdk.get_current_user(app_user_id=USER)


def test_a_link_that_is_over_says_so_every_time(patients_know_best: PatientsKnowBest) -> None:
    sdk = linked(patients_know_best)
    patients_know_best.control("pkb/expire-sessions")
    for reason in ("API_SESSION_EXPIRED", "API_SESSION_EXPIRED"):
        with pytest.raises(digime_sdk.LinkExpiredError) as caught:
            sdk.get_current_user(app_user_id=USER)
        assert caught.value.reason == reason


def test_a_store_that_cannot_be_read_is_a_store_error(patients_know_best: PatientsKnowBest, tmp_path: Path) -> None:
    (tmp_path / "links.db").write_bytes(b"no database" * 100)
    with pytest.raises(digime_sdk.StoreError) as caught:
        init(patients_know_best, store=str(tmp_path / "links.db")).get_link(app_user_id=USER)
    assert caught.value.operation == "read"


def test_what_a_store_raises_reaches_the_caller_itself(patients_know_best: PatientsKnowBest) -> None:
    failure = ConnectionError("the database is gone")

    class Failing(SimpleStore):
        def get_link(self, query: LinkQuery) -> None:
            raise failure

    with pytest.raises(ConnectionError) as caught:
        init(patients_know_best, store=Failing()).get_link(app_user_id=USER)
    assert caught.value is failure


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ({"linked_at": datetime.date(2000, 1, 1)}, TypeError, r"config\.store\.get_link: answer\.linked_at: .*date"),
        ({"platform": "pkb"}, digime_sdk.StoreError, r"config\.store\.get_link: the answer\.app_user_id is missing"),
        ("a link", digime_sdk.StoreError, "an object, got a string"),
    ],
)
def test_a_record_that_is_none_is_not_taken_for_a_missing_one(
    patients_know_best: PatientsKnowBest, answer: Any, error: type[Exception], reason: str
) -> None:
    class Odd(SimpleStore):
        def get_link(self, query: LinkQuery) -> Any:
            return answer

    with pytest.raises(error, match=reason):
        init(patients_know_best, store=Odd()).get_link(app_user_id=USER)


def test_plain_code_refuses_an_asynchronous_store(patients_know_best: PatientsKnowBest) -> None:
    with pytest.raises(digime_sdk.TypeValidationError, match=r"not asynchronous: only the SDKs for asyncio") as refused:
        init(patients_know_best, store=LateStore())
    assert refused.value.path.startswith("config.store.")


METHODS = [name for name in vars(digime_sdk.LinkStore) if "link" in name or "attempt" in name]


class Incomplete:
    """A store in which somebody forgot something."""

    get_link = find_links = list_links = remove_link = get_attempt = put_attempt = remove_attempts = print


@pytest.mark.parametrize("init_pkb", [digime_sdk.init_pkb, blocking.init_pkb], ids=["asyncio", "blocking"])
@pytest.mark.parametrize(
    ("store", "path", "reason"),
    [
        (Incomplete(), "config.store.put_link", "is missing"),
        ({"get_link": print}, "config.store.find_links", "is missing"),
        ({**dict.fromkeys(dir(Incomplete), print), "put_link": 5}, "config.store.put_link", "expected a function"),
        (5, "config.store", 'expected "memory", .* got int'),
        (object(), "config.store", f"{', '.join(METHODS)}, and, if it likes, filter_links, got object"),
        (datetime.date(2000, 1, 1), "config.store", "put_link, .* got date"),
        ("", "config.store", "empty"),
    ],
)
def test_what_is_no_store_is_refused_at_once(
    patients_know_best: PatientsKnowBest, init_pkb: Any, store: object, path: str, reason: str
) -> None:
    with pytest.raises(digime_sdk.TypeValidationError, match=reason) as caught:
        init_pkb(patients_know_best.configured(store=store))
    assert caught.value.path == path


def test_a_store_may_be_a_dict_of_functions(patients_know_best: PatientsKnowBest) -> None:
    store = SimpleStore()
    methods = {name: getattr(store, name) for name in dir(store) if not name.startswith("_")}
    sdk = linked(patients_know_best, store=methods)
    assert sdk.get_link(app_user_id=USER) is not None
    assert len(store.links) == 1


def test_no_store_sees_a_token(patients_know_best: PatientsKnowBest) -> None:
    store = SimpleStore()
    sdk = linked(patients_know_best, store=store)
    token = sdk.get_access_token(app_user_id=USER)["access_token"]
    assert token not in f"{store.links} {store.attempts}"


def test_a_store_of_ones_own_needs_a_key(patients_know_best: PatientsKnowBest) -> None:
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        init(patients_know_best, store=SimpleStore(), encryption_key=None)
    assert caught.value.path == "config.encryption_key"
