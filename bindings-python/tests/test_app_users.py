"""Calls for users whose connections are kept: no token goes in, and none comes out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from connecting import CALLBACK, USER, Place
from digi_me import TOKEN_ROUTE
from digime_sdk import TypeValidationError, blocking
from flavours import FLAVOURS
from stores import SimpleStore

if TYPE_CHECKING:
    from digi_me import DigiMe
    from digime_sdk import UserAccessToken


def session_of(place: Place, sdk: Any) -> dict[str, Any]:
    """Give the options by which a new session of the user is read."""
    begun = place.call(sdk.read_session, **place.user)
    assert begun.keys() == {"session"}
    return {"session_key": begun["session"]["key"], **place.contract, "app_user_id": USER}


def test_a_session_is_read_without_a_token_in_what_is_told_and_given(in_memory: Place) -> None:
    sdk = in_memory.connected()
    session = session_of(in_memory, sdk)
    in_memory.digi_me.control("expire-access-tokens")
    reading = sdk.read_all_files(**session, polling_interval=10)
    events = in_memory.flavour.pages(reading)
    files = [event["data"] for event in events if event["type"] == "file_data"]
    assert files
    assert not [file for file in files if "user_access_token" in file]
    assert "access_token_change" not in {event["type"] for event in events}
    assert reading.response.keys() == {"status", "file_list"}
    named = {**session, "file_name": files[0]["file_name"]}
    read = in_memory.call(sdk.read_file, **named)
    assert (read["file_data"], "user_access_token" in read) == (files[0]["file_data"], False)
    assert in_memory.call(sdk.read_file_list, **session).keys() == {"status", "file_list"}


def test_a_reading_whose_callbacks_are_given_tells_them_and_gives_the_status(in_memory: Place) -> None:
    sdk = in_memory.connected()
    session = session_of(in_memory, sdk)
    files: list[Any] = []

    async def to_its_end(reading: Any) -> Any:
        return await reading

    reading = sdk.read_all_files(**session, polling_interval=10, on_file_data=files.append)
    status = reading.result() if hasattr(reading, "result") else asyncio.run(to_its_end(reading))
    assert status["state"] in ("completed", "partial")
    assert files
    assert not [file for file in files if "user_access_token" in file]


def test_a_file_is_pushed_for_a_user_whose_token_has_expired_and_their_storage_found(in_memory: Place) -> None:
    sdk = in_memory.init()
    push = in_memory.digi_me.contract
    user = {"contract_details": push, "app_user_id": USER}
    storage = in_memory.call(sdk.create_provisional_storage, contract_details=push)["storage"]
    sent = in_memory.call(sdk.get_connect_url, **user, callback=CALLBACK, storage_id=storage["id"])
    in_memory.call(sdk.complete_connect, **user, callback_url=in_memory.digi_me.decide(sent["url"]))
    in_memory.digi_me.control("expire-access-tokens")
    before = len(in_memory.digi_me.control("pushed", method="GET"))
    descriptor = {"mime_type": "application/pdf", "accounts": [{"account_id": "1"}]}
    data = {"file_data": b"a receipt", "file_name": "receipt.pdf", "file_descriptor": descriptor}
    assert in_memory.call(sdk.push_data, **user, data=data) is None
    assert len(in_memory.digi_me.control("pushed", method="GET")) == before + 1
    found = in_memory.call(sdk.get_user_storage, **user)
    assert (found["storage"]["id"], "user_access_token" in found) == (storage["id"], False)


def test_a_consent_is_renewed_without_a_code_verifier_or_a_state_of_the_applications(in_memory: Place) -> None:
    sdk = in_memory.connected()
    before = in_memory.call(sdk.get_connection, **in_memory.named)
    sent = in_memory.call(sdk.get_reauthorize_url, **in_memory.user, callback=CALLBACK)
    assert sent.keys() == {"url", "session"}
    callback_url = in_memory.digi_me.decide(sent["url"])
    renewed = in_memory.call(sdk.complete_connect, **in_memory.user, callback_url=callback_url)["connection"]
    assert renewed["user_id"] == before["user_id"]
    with pytest.raises(TypeValidationError) as caught:
        in_memory.call(sdk.get_reauthorize_url, **in_memory.user, callback=CALLBACK, state="mine")
    assert caught.value.path == "options.state"


def test_both_a_token_and_a_user_or_neither_or_a_function_that_would_learn_of_a_token_are_refused(
    in_memory: Place, user_access_token: UserAccessToken
) -> None:
    sdk = in_memory.init()
    wrongly: list[tuple[dict[str, Any], str]] = [
        ({"user_access_token": user_access_token, "app_user_id": USER}, "options.app_user_id"),
        ({}, "options.user_access_token"),
        ({"app_user_id": ""}, "options.app_user_id"),
        ({"app_user_id": USER, "on_access_token_change": print}, "options.on_access_token_change"),
    ]
    for options, path in wrongly:
        with pytest.raises(TypeValidationError) as caught:
            in_memory.call(sdk.read_accounts, contract_details=in_memory.contract, **options)
        assert caught.value.path == path
    session = {"session_key": "a-session", **in_memory.contract}
    for options, path in wrongly:
        with pytest.raises(TypeValidationError) as caught:
            in_memory.flavour.pages(sdk.read_all_files(**session, **options))
        assert caught.value.path == path


def test_a_client_that_has_no_store_says_so(in_memory: Place) -> None:
    sdk = in_memory.init(store=None, encryption_key=None)
    with pytest.raises(TypeValidationError) as caught:
        in_memory.call(sdk.read_accounts, **in_memory.user)
    assert caught.value.path == "config.store"


def test_an_error_after_a_refresh_carries_no_token(in_memory: Place) -> None:
    sdk = in_memory.connected()
    in_memory.digi_me.control("expire-access-tokens")
    before = in_memory.digi_me.refreshes()
    session = {"session_key": "no-such-session", **in_memory.contract, "app_user_id": USER}
    with pytest.raises(digime_sdk.ServerError) as caught:
        in_memory.call(sdk.read_file_list, **session)
    assert in_memory.digi_me.refreshes() == before + 1
    assert caught.value.user_access_token is None


def test_what_a_function_raises_reaches_the_call_that_needed_the_refresh_and_the_token_is_kept(
    in_memory: Place,
) -> None:
    store = SimpleStore()
    in_memory.connected(store=store)
    in_memory.digi_me.control("expire-access-tokens")
    before = in_memory.digi_me.refreshes()
    mine = LookupError("my queue is full")

    def refuse(_: object) -> None:
        raise mine

    with pytest.raises(LookupError) as caught:
        in_memory.call(in_memory.init(store=store, on_connection_change=refuse).read_accounts, **in_memory.user)
    assert caught.value is mine
    assert not hasattr(mine, "user_access_token")
    assert in_memory.call(in_memory.init(store=store).read_accounts, **in_memory.user)["accounts"]
    assert in_memory.digi_me.refreshes() == before + 1


def test_who_is_connected_is_iterated_over_brought_in_and_taken_out_and_kept_alive(in_memory: Place) -> None:
    sdk = in_memory.connected()
    named = {"contract_id": in_memory.contract["contract_id"]}
    token = in_memory.call(sdk.export_connection, app_user_id=USER, **named)
    imported = in_memory.call(sdk.import_connection, app_user_id="user-2", user_access_token=token, **named)
    connections = in_memory.flavour.pages(sdk.list_connections(**named))
    assert [connection["app_user_id"] for connection in connections] == [USER, "user-2"]
    assert connections[1] == imported
    assert in_memory.flavour.pages(sdk.list_connections(**named, after=USER)) == [imported]
    in_memory.call(sdk.disconnect, app_user_id="user-2", **named)
    told: list[Any] = []
    keeping = {"contract_details": in_memory.contract, "idle_for": 0, "on_progress": told.append}
    assert in_memory.call(sdk.keep_alive, **keeping) == told[-1]


def test_the_token_that_is_on_its_way_to_a_cancelled_call_is_kept(digi_me: DigiMe) -> None:
    store = SimpleStore()
    place = Place(digi_me, FLAVOURS["blocking"], store)
    place.connected()
    digi_me.control("expire-access-tokens")
    before = digi_me.refreshes()
    digi_me.delay(TOKEN_ROUTE, 300)

    async def main() -> None:
        sdk = digime_sdk.init(**digi_me.keeping(store=store))
        task = asyncio.create_task(sdk.read_accounts(**place.user))
        while await asyncio.to_thread(digi_me.refreshes) == before:
            pass
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert place.call(place.init().read_accounts, **place.user)["accounts"]
    assert digi_me.refreshes() == before + 1


def test_a_store_that_is_none_is_refused_when_it_is_given(digi_me: DigiMe) -> None:
    wrongly: list[tuple[dict[str, Any], str]] = [
        ({"store": 5}, "config.store"),
        ({"store": "connections.db", "encryption_key": None}, "config.encryption_key"),
        ({"store": None}, "config.encryption_key"),
        ({"store": "memory", "on_connection_change": "a function"}, "config.on_connection_change"),
        ({"store": "memory", "refresh_lease": 2999}, "config.refresh_lease"),
    ]
    for config, path in wrongly:
        with pytest.raises(TypeValidationError) as caught:
            blocking.init(**digi_me.keeping(**config))
        assert caught.value.path == path
