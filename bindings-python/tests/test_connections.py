"""How users are connected to digi.me, and what may go wrong, by every kind of store."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from connecting import CALLBACK, USER, Place
from digi_me import TOKEN_ROUTE
from flavours import FLAVOURS
from stores import LateStore, SimpleStore

if TYPE_CHECKING:
    from digi_me import DigiMe

ASYNCHRONOUS = "own, asynchronous"
KINDS: dict[str, Callable[[Path], Any]] = {
    "SQLite": lambda folder: folder / "connections.db",
    "own": lambda _: SimpleStore(),
    ASYNCHRONOUS: lambda _: LateStore(),
}
COMBINATIONS = [*((kind, "asyncio") for kind in KINDS), *((kind, "blocking") for kind in KINDS if kind != ASYNCHRONOUS)]


@pytest.fixture(params=COMBINATIONS, ids=[" in ".join(each) for each in COMBINATIONS])
def place(request: pytest.FixtureRequest, digi_me: DigiMe, tmp_path: Path) -> Place:
    kind, flavour = request.param
    return Place(digi_me, FLAVOURS[flavour], KINDS[kind](tmp_path))


def test_a_user_is_connected_and_the_session_and_the_context_come_with_it(place: Place) -> None:
    sdk = place.init()
    began = time.time() * 1000
    context = {"page": "/weights", "pageSize": 7}
    sent = place.call(sdk.get_connect_url, **place.user, callback=CALLBACK, context=context)
    assert sent.keys() == {"url", "session", "expires_at"}
    assert sent["expires_at"] >= began + 60 * 60 * 1000 - 1
    assert place.call(sdk.get_connection, **place.named) is None
    callback_url = place.digi_me.decide(sent["url"])
    completed = place.call(place.init().complete_connect, **place.user, callback_url=callback_url)
    assert (completed["context"], completed["session"]) == (context, sent["session"])
    assert f"accountReference={completed['account_reference']}" in callback_url
    connection = completed["connection"]
    assert {name: connection[name] for name in place.named} == place.named
    assert connection["status"] == "active"
    assert place.call(sdk.get_connection, **place.named) == connection
    read = place.call(sdk.read_accounts, **place.user)
    assert read.keys() == {"accounts"}
    assert read["accounts"][0]["reference"] == completed["account_reference"]


def test_a_callback_that_is_loaded_again_gives_the_same_connection_of_one_exchange(place: Place) -> None:
    callback_url = place.sent(place.init())
    before = place.digi_me.granted("authorization_code")
    loads = [partial(place.init().complete_connect, **place.user, callback_url=callback_url) for _ in range(4)]
    first, *others = place.flavour.at_once(*loads)
    assert [each["connection"] for each in others] == [first["connection"]] * 3
    assert place.digi_me.granted("authorization_code") == before + 1


def test_many_callers_lead_to_one_refresh_which_is_told_of_once(place: Place) -> None:
    told: list[tuple[str, str]] = []
    hook = lambda event: told.append((event["change"], event["connection"]["app_user_id"]))  # noqa: E731
    sdks = [place.connected(on_connection_change=hook), place.init(onConnectionChange=hook)]
    place.digi_me.control("expire-access-tokens")
    before = place.digi_me.refreshes()
    read = place.flavour.at_once(*(partial(sdks[i % 2].read_accounts, **place.user) for i in range(20)))
    assert all(each.keys() == {"accounts"} for each in read)
    assert place.digi_me.refreshes() == before + 1
    assert told == [("connected", USER), ("refreshed", USER)]


def test_keys_are_rotated_while_connections_stay(place: Place) -> None:
    place.connected()
    key = "07" * 32
    rotating = place.init(encryption_key=key, previous_encryption_keys=[place.digi_me.encryption_key])
    contract_id = place.contract["contract_id"]
    assert place.call(rotating.rotate_keys, contract_id=contract_id) == {"connections": 1, "resealed": 1, "failed": []}
    assert place.call(rotating.rotate_keys, contract_id=contract_id) == {"connections": 1, "resealed": 0, "failed": []}
    assert place.call(place.init(encryption_key=key).read_accounts, **place.user)["accounts"]
    with pytest.raises(digime_sdk.StoreError) as caught:
        place.call(place.init().read_accounts, **place.user)
    assert caught.value.operation == "read"


def test_a_connection_that_is_over_says_so_until_it_is_removed(place: Place) -> None:
    told: list[str] = []
    sdk = place.connected(on_connection_change=lambda event: told.append(event["change"]))
    place.digi_me.control("expire-access-tokens")
    body = {"error": {"code": "InvalidGrant", "message": "no"}}
    place.digi_me.control("faults", {"route": TOKEN_ROUTE, "fault": {"status": 400, "body": body}, "count": 1})
    for _ in range(2):
        with pytest.raises(digime_sdk.ConnectionExpiredError) as over:
            place.call(sdk.read_accounts, **place.user)
        assert (over.value.reason, over.value.user_access_token) == ("InvalidGrant", None)
    assert place.call(sdk.get_connection, **place.named)["status"] == "expired"
    for _ in range(2):
        assert place.call(sdk.disconnect, **place.named) is None
    with pytest.raises(digime_sdk.NotConnectedError):
        place.call(sdk.read_accounts, **place.user)
    assert told == ["connected", "expired", "disconnected"]


def test_who_declines_is_told_of_by_the_code_that_they_came_back_with(in_memory: Place) -> None:
    sdk = in_memory.init()
    callback_url = in_memory.sent(sdk, "decline")
    with pytest.raises(digime_sdk.ConnectDeniedError) as denied:
        in_memory.call(sdk.complete_connect, **in_memory.user, callback_url=callback_url)
    assert denied.value.error_code is not None
    assert f"errorCode={denied.value.error_code}" in callback_url


def test_a_callback_that_belongs_to_no_attempt_says_why(in_memory: Place) -> None:
    sdk = in_memory.init()
    callback_url = in_memory.sent(sdk)
    wrongly: list[tuple[dict[str, Any], str]] = [
        ({"callback_url": "/return?code=c&success=true", "any_user": True}, "missing"),
        ({"callback_url": "/return?code=c&success=true&state=made-up", "any_user": True}, "unknown"),
        ({"callback_url": callback_url, "app_user_id": "user-2"}, "mismatch"),
    ]
    for options, reason in wrongly:
        with pytest.raises(digime_sdk.ConnectStateError) as caught:
            in_memory.call(sdk.complete_connect, contract_details=in_memory.contract, **options)
        assert caught.value.reason == reason


def test_another_library_takes_the_place_of_the_users_only_where_that_is_said(in_memory: Place) -> None:
    sdk = in_memory.init()
    first, second = in_memory.sent(sdk), in_memory.sent(sdk)
    connected = in_memory.call(sdk.complete_connect, **in_memory.user, callback_url=first)
    with pytest.raises(digime_sdk.ConnectionConflictError):
        in_memory.call(sdk.complete_connect, **in_memory.user, callback_url=second)
    replaced = in_memory.call(sdk.complete_connect, **in_memory.user, callback_url=second, on_conflict="replace")
    assert replaced["connection"]["user_id"] != connected["connection"]["user_id"]


def test_how_long_a_person_may_take_is_a_setting(in_memory: Place) -> None:
    began = time.time() * 1000
    sent = in_memory.call(in_memory.init(connect_timeout=5000).get_connect_url, **in_memory.user, callback=CALLBACK)
    assert began + 5000 - 1 <= sent["expires_at"] <= time.time() * 1000 + 5000
