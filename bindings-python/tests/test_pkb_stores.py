"""Links are kept alike by every kind of store: the SDK's own, and those of applications."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from flavours import FLAVOURS, Flavour
from stores import LateStore, SimpleStore, store_of_the_readme

if TYPE_CHECKING:
    from patients_know_best import PatientsKnowBest

ASYNCHRONOUS = "own, asynchronous"

KINDS: dict[str, Callable[[Path], Any]] = {
    "SQLite": lambda folder: str(folder / "links.db"),
    "own": lambda _: SimpleStore(),
    "own, of the README": store_of_the_readme,
    ASYNCHRONOUS: lambda _: LateStore(),
}
COMBINATIONS = [*((kind, "asyncio") for kind in KINDS), *((kind, "blocking") for kind in KINDS if kind != ASYNCHRONOUS)]
USER = "user-1"


class Place:
    """PKB, a store, and one of the flavours of the SDK that uses both."""

    def __init__(self, pkb: PatientsKnowBest, flavour: Flavour, store: object) -> None:
        self.pkb = pkb
        self.flavour = flavour
        self.call = flavour.call
        self.store = store

    def init(self, **more: Any) -> Any:
        return self.flavour.init_pkb(self.pkb.configured(store=self.store, **more))

    def linked(self, app_user_id: str = USER) -> Any:
        """Give the SDK with a link of the app user to the first patient."""
        sdk = self.init()
        url = self.call(sdk.get_link_url, app_user_id=app_user_id)["url"]
        self.call(sdk.complete_link, callback_url=self.pkb.decide(url), app_user_id=app_user_id)
        return sdk


@pytest.fixture(params=COMBINATIONS, ids=[" in ".join(each) for each in COMBINATIONS])
def place(request: pytest.FixtureRequest, patients_know_best: PatientsKnowBest, tmp_path: Path) -> Place:
    kind, flavour = request.param
    return Place(patients_know_best, FLAVOURS[flavour], KINDS[kind](tmp_path))


def test_a_link_outlasts_the_sdk_that_made_it(place: Place) -> None:
    public_id = place.pkb.people[0]["publicId"]
    place.linked()
    sdk = place.init()
    assert place.call(sdk.get_public_id, app_user_id=USER) == public_id
    assert place.call(sdk.get_current_user, app_user_id=USER)["first_name"] == "Bobby"
    link = place.call(sdk.get_link, app_user_id=USER)
    assert place.call(sdk.find_links, public_id=public_id) == [link]
    assert link["status"] == "active"


def test_a_link_is_begun_by_one_sdk_and_completed_by_another_once(place: Place) -> None:
    sent = place.call(place.init().get_link_url, app_user_id=USER, context={"page": 7})
    callback_url = place.pkb.decide(sent["url"])
    before = place.pkb.tally()
    completed = partial(place.init().complete_link, callback_url=callback_url, app_user_id=USER)
    also_completed = partial(place.init().complete_link, callback_url=callback_url, app_user_id=USER)
    link, again = place.flavour.at_once(completed, also_completed)
    assert link["public_id"] == again["public_id"] == place.pkb.people[0]["publicId"]
    assert link["context"] == again["context"] == {"page": 7}
    assert place.pkb.tally()["exchanges"] == before["exchanges"] + 1
    with pytest.raises(digime_sdk.LinkStateError) as caught:
        place.call(place.init().complete_link, code="made up", state=sent["state"], app_user_id="user-2")
    assert caught.value.reason == "mismatch"


def test_many_callers_at_once_lead_to_one_refresh(place: Place) -> None:
    place.linked()
    place.pkb.control("pkb/expire-access-tokens")
    before = place.pkb.tally()
    sdks = [place.init(), place.init()]
    people = place.flavour.at_once(*(partial(sdks[i % 2].get_current_user, app_user_id=USER) for i in range(20)))
    assert {person["last_name"] for person in people} == {"Barton"}
    after = place.pkb.tally()
    assert (after["refreshes"], after["reuses"]) == (before["refreshes"] + 1, before["reuses"])


def test_a_record_is_one_users_alone_until_another_may_take_their_place(place: Place) -> None:
    sdk = place.linked()
    url = place.call(sdk.get_link_url, app_user_id="user-2")["url"]
    options = {"callback_url": place.pkb.decide(url), "app_user_id": "user-2"}
    with pytest.raises(digime_sdk.LinkConflictError) as caught:
        place.call(sdk.complete_link, **options)
    assert caught.value.conflict == "publicId"
    public_id = place.call(sdk.complete_link, **options, on_conflict="replace")["public_id"]
    assert place.call(sdk.get_link, app_user_id=USER) is None
    assert place.call(sdk.get_public_id, app_user_id="user-2") == public_id


def test_what_is_unlinked_is_gone(place: Place) -> None:
    sdk = place.linked()
    for _ in range(2):
        assert place.call(sdk.unlink, app_user_id=USER) is None
    assert place.call(sdk.find_links, public_id=place.pkb.people[0]["publicId"]) == []
    with pytest.raises(digime_sdk.NotLinkedError):
        place.call(sdk.get_public_id, app_user_id=USER)


def test_keys_are_rotated_while_links_stay(place: Place) -> None:
    place.linked()
    key = "07" * 32
    rotating = place.init(encryption_key=key, previous_encryption_keys=[place.pkb.config["encryption_key"]])
    assert place.call(rotating.rotate_keys) == {"links": 1, "resealed": 1, "failed": []}
    assert place.call(rotating.rotate_keys) == {"links": 1, "resealed": 0, "failed": []}
    assert place.call(place.init(encryption_key=key).get_current_user, app_user_id=USER)["last_name"] == "Barton"
    with pytest.raises(digime_sdk.StoreError) as caught:
        place.call(place.init().get_current_user, app_user_id=USER)
    assert caught.value.operation == "read"


def test_a_path_is_one_of_a_file_whatever_its_name(
    patients_know_best: PatientsKnowBest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (Path("memory"), tmp_path / "links.db"):
        place = Place(patients_know_best, FLAVOURS["blocking"], path)
        place.linked()
        assert path.exists()
        assert place.call(place.init().get_link, app_user_id=USER) is not None
