"""That an application can see what the SDK does, and that looking on changes nothing."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import digime_sdk
import pytest
from flavours import FLAVOURS
from platform_double import PATIENCE

if TYPE_CHECKING:
    from digi_me import DigiMe
    from digime_sdk import ReadAccountsOptions, SdkEvent
    from patients_know_best import PatientsKnowBest
    from platform_double import Platform

MODULES = {"asyncio": digime_sdk, "blocking": digime_sdk.blocking}


class Heard:
    """What was told, one event after another."""

    def __init__(self) -> None:
        self._events: queue.Queue[Any] = queue.Queue()

    def __call__(self, event: SdkEvent) -> None:
        self._events.put(event)

    def until(self, last: str) -> list[Any]:
        events = [self._events.get(timeout=PATIENCE)]
        while events[-1]["type"] != last:
            events.append(self._events.get(timeout=PATIENCE))
        return events


@pytest.fixture(params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_a_call_its_requests_and_what_is_repeated_are_told_of(
    platform: Platform, options: ReadAccountsOptions, flavour: str
) -> None:
    heard = Heard()
    sdk = MODULES[flavour].init(
        application_id="app",
        base_url=platform.at("recovering"),
        retry_options={"calculate_delay": lambda _: 1},
        on_event=heard,
    )
    FLAVOURS[flavour].call(sdk.read_accounts, **options)
    events = heard.until("callEnded")
    assert [event["type"] for event in events] == [
        "callStarted",
        "requestStarted",
        "requestSent",
        "requestAnswered",
        "requestRetried",
        "requestSent",
        "requestAnswered",
        "callEnded",
    ]
    assert {event["call"] for event in events} == {"read_accounts"}
    assert len({event["call_id"] for event in events}) == 1
    of_request = events[1:-1]
    assert {event["request"] for event in of_request} == {"GET permission-access/accounts"}
    assert len({event["request_id"] for event in of_request}) == 1
    assert [event.get("attempt") for event in of_request] == [None, 1, 1, 1, 2, 2]
    assert [event["status_code"] for event in events if event["type"] == "requestAnswered"] == [500, 200]
    retried = events[4]
    assert (retried["reason"], retried["wait"]) == ("500", 1)
    assert events[-1]["succeeded"] is True


def test_events_hold_no_secret_and_nothing_about_a_person(
    platform: Platform, options: ReadAccountsOptions, flavour: str
) -> None:
    heard = Heard()
    sdk = MODULES[flavour].init(
        application_id="app", base_url=platform.at("failing"), retry_options={"limit": 0}, on_event=heard
    )
    with pytest.raises(digime_sdk.HTTPError):
        FLAVOURS[flavour].call(sdk.read_accounts, **options)
    events = heard.until("callEnded")
    assert (events[-1]["succeeded"], events[-1]["reason"]) == (False, "ERR_NON_2XX_3XX_RESPONSE")
    assert "secret" not in json.dumps(events)


def test_a_refresh_is_told_of_and_that_its_token_is_stored(digi_me: DigiMe, flavour: str) -> None:
    heard = Heard()
    sdk = MODULES[flavour].init(**digi_me.config, on_event=heard)
    given = digi_me.expired()
    kept: list[Any] = []
    FLAVOURS[flavour].call(sdk.read_accounts, **given, on_access_token_change=kept.append)
    events = heard.until("callEnded")
    kinds = [event["type"] for event in events]
    assert kinds.index("refreshStarted") < kinds.index("keySetFetched") < kinds.index("refreshEnded")
    assert kinds.index("refreshEnded") < kinds.index("tokenStored")
    assert {event["call"] for event in events} == {"read_accounts"}
    told = json.dumps(events)
    for token in (given["user_access_token"], kept[0]):
        assert token["accessToken"]["value"] not in told
        assert token["refreshToken"]["value"] not in told
        assert token["user"]["id"] not in told


def test_a_link_that_is_refreshed_tells_of_its_lease(patients_know_best: PatientsKnowBest, flavour: str) -> None:
    heard = Heard()
    sdk = FLAVOURS[flavour].init_pkb(patients_know_best.configured(on_event=heard))
    call = FLAVOURS[flavour].call
    callback_url = patients_know_best.decide(call(sdk.get_link_url, app_user_id="user-1")["url"])
    link = call(sdk.complete_link, callback_url=callback_url, app_user_id="user-1")
    patients_know_best.control("pkb/expire-access-tokens")
    call(sdk.get_current_user, app_user_id="user-1")
    while (events := heard.until("callEnded"))[-1]["call"] != "get_current_user":
        pass
    kinds = [event["type"] for event in events]
    assert kinds.index("leaseTaken") < kinds.index("refreshStarted") < kinds.index("tokenStored")
    assert "user-1" not in json.dumps(events)
    assert link["public_id"] not in json.dumps(events)


def test_a_function_that_raises_or_is_slow_does_no_harm(
    platform: Platform, options: ReadAccountsOptions, flavour: str
) -> None:
    go_on = threading.Event()

    def waits_and_raises(_: object) -> None:
        go_on.wait(PATIENCE)
        raise LookupError

    sdk = MODULES[flavour].init(application_id="app", base_url=platform.at("ok"), on_event=waits_and_raises)
    began = time.monotonic()
    assert FLAVOURS[flavour].call(sdk.read_accounts, **options)["accounts"]
    assert time.monotonic() - began < PATIENCE
    go_on.set()


def test_an_event_comes_in_the_context_of_its_call(
    platform: Platform, options: ReadAccountsOptions, flavour: str
) -> None:
    trace: ContextVar[str] = ContextVar("trace")
    heard: queue.Queue[str] = queue.Queue()
    sdk = MODULES[flavour].init(
        application_id="app", base_url=platform.at("ok"), on_event=lambda _: heard.put(trace.get("none"))
    )
    trace.set("mine")
    FLAVOURS[flavour].call(sdk.read_accounts, **options)
    assert heard.get(timeout=PATIENCE) == "mine"


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_an_asynchronous_function_is_refused(module: Any) -> None:
    async def hook(_: object) -> None:
        await asyncio.sleep(0)

    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        module.init(application_id="app", on_event=hook)
    assert caught.value.path == "config.on_event"
