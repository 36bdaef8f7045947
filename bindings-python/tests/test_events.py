"""That an application can see what the SDK does, and that looking on changes nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from flavours import FLAVOURS
from platform_double import PATIENCE

if TYPE_CHECKING:
    from digi_me import DigiMe
    from digime_sdk import PlatformResponse, ReadAccountsOptions, ReadFileListOptions, SdkEvent, TracedAttempt
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


@pytest.mark.parametrize("ends", ["read", "closed", "damaged"])
def test_a_file_that_is_read_as_a_stream_is_told_of_when_the_stream_ends(
    platform: Platform, file_options: ReadFileListOptions, seal: Callable[[bytes], bytes], flavour: str, ends: str
) -> None:
    content = b"content" * 500_000
    sealed = seal(content)
    platform.files["a.json"] = sealed[:-1] if ends == "damaged" else sealed
    heard = Heard()
    sdk = MODULES[flavour].init(application_id="app", base_url=platform.at("session"), on_event=heard)

    def blocking() -> None:
        with sdk.read_file_stream(**file_options, file_name="a.json")["body"] as body:
            if ends != "closed":
                body.read()

    async def in_asyncio() -> None:
        async with (await sdk.read_file_stream(**file_options, file_name="a.json"))["body"] as body:
            if ends != "closed":
                await body.read()

    try:
        blocking() if flavour == "blocking" else asyncio.run(in_asyncio())
    except digime_sdk.FileDecryptionError:
        assert ends == "damaged"
    event = heard.until("fileRead")[-1]
    assert (event["call"], event["succeeded"]) == ("read_file_stream", ends == "read")
    assert event.get("bytes") == (len(content) if ends == "read" else None)


def test_a_task_that_is_cancelled_has_its_call_told_of_as_cancelled(
    platform: Platform, options: ReadAccountsOptions
) -> None:
    heard = Heard()
    sdk = digime_sdk.init(application_id="app", base_url=platform.at("silent"), on_event=heard)

    async def main() -> None:
        task = asyncio.create_task(sdk.read_accounts(**options))
        await asyncio.to_thread(platform.arrived.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ended = (await asyncio.to_thread(heard.until, "callEnded"))[-1]
        assert (ended["succeeded"], ended["reason"]) == (False, "cancelled")

    asyncio.run(main())


def test_a_call_that_is_interrupted_is_told_of_as_cancelled(platform: Platform, options: ReadAccountsOptions) -> None:
    def interrupt(_: object) -> float:
        raise KeyboardInterrupt

    heard = Heard()
    sdk = digime_sdk.blocking.init(
        application_id="app",
        base_url=platform.at("failing"),
        retry_options={"calculate_delay": interrupt},
        on_event=heard,
    )
    with pytest.raises(KeyboardInterrupt):
        sdk.read_accounts(**options)
    assert heard.until("callEnded")[-1]["reason"] == "cancelled"


def test_events_are_lines_of_the_logger_digime_sdk_by_how_much_they_matter(
    platform: Platform, options: ReadAccountsOptions, flavour: str, caplog: pytest.LogCaptureFixture
) -> None:
    sdk = MODULES[flavour].init(
        application_id="app", base_url=platform.at("recovering"), retry_options={"calculate_delay": lambda _: 1}
    )
    FLAVOURS[flavour].call(sdk.read_accounts, **options)
    [warning] = caplog.records
    assert (warning.name, warning.levelno) == ("digime_sdk", logging.WARNING)
    number = warning.getMessage().split("#")[1].split(" ")[0]
    begin, about = f"read_accounts#{number} requestRetried", "request=GET permission-access/accounts"
    assert warning.getMessage().startswith(begin)
    assert about in warning.getMessage()
    caplog.clear()
    # An application may set its logging up after the SDK.
    with caplog.at_level(logging.DEBUG, logger="digime_sdk"):
        FLAVOURS[flavour].call(sdk.read_accounts, **options)
    kinds = [record.getMessage().split(" ")[1] for record in caplog.records]
    assert kinds == ["callStarted", "requestStarted", "requestSent", "requestAnswered", "callEnded"]
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}
    assert "secret" not in caplog.text
    caplog.clear()
    FLAVOURS[flavour].call(sdk.read_accounts, **options)
    assert not caplog.records


def test_a_function_and_the_log_are_told_of_the_same(
    platform: Platform, options: ReadAccountsOptions, flavour: str, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard()
    sdk = MODULES[flavour].init(application_id="app", base_url=platform.at("ok"), on_event=heard)
    with caplog.at_level(logging.DEBUG, logger="digime_sdk"):
        FLAVOURS[flavour].call(sdk.read_accounts, **options)
    kinds = [event["type"] for event in heard.until("callEnded")]
    assert [record.getMessage().split(" ")[1] for record in caplog.records] == kinds


def test_the_logger_has_no_handler_that_writes() -> None:
    assert [type(handler) for handler in logging.getLogger("digime_sdk").handlers] == [logging.NullHandler]


def test_a_call_tells_of_its_answers_before_its_result_without_a_credential(
    platform: Platform, options: ReadAccountsOptions, flavour: str
) -> None:
    answers: list[PlatformResponse] = []

    def on_response(response: PlatformResponse) -> None:
        answers.append(response)
        raise LookupError

    sdk = MODULES[flavour].init(application_id="app", base_url=platform.at("referring"))
    FLAVOURS[flavour].call(sdk.read_accounts, **{**options, "on_response": on_response})
    [response] = answers
    assert response["request"] == "GET permission-access/accounts"
    assert (response["status_code"], response.get("reference")) == (200, "a-reference")
    assert response["headers"]["content-type"] == "application/json"
    assert "secret" not in json.dumps(response)


@pytest.mark.parametrize("spelling", ["on_response", "onResponse"])
def test_an_asynchronous_function_for_answers_is_refused(
    platform: Platform, options: ReadAccountsOptions, flavour: str, spelling: str
) -> None:
    async def hook(_: object) -> None:
        await asyncio.sleep(0)

    sdk = MODULES[flavour].init(application_id="app", base_url=platform.at("ok"))
    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        FLAVOURS[flavour].call(sdk.read_accounts, **options, **{spelling: hook})
    assert caught.value.path == f"options.{spelling}"
    assert not platform.requests


def test_each_attempt_says_of_which_trace_it_is_in_the_context_of_its_call(
    platform: Platform, options: ReadAccountsOptions, flavour: str
) -> None:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    trace: ContextVar[str] = ContextVar("trace")
    asked: list[TracedAttempt] = []

    def trace_context(attempt: TracedAttempt) -> Any:
        asked.append(attempt)
        if attempt["attempt"] > 1:
            raise LookupError
        return {"traceparent": trace.get(), "tracestate": "vendor=1", "baggage": "a-person"}

    heard = Heard()
    sdk = MODULES[flavour].init(
        application_id="app",
        base_url=platform.at("recovering"),
        retry_options={"calculate_delay": lambda _: 1},
        on_event=heard,
        trace_context=trace_context,
    )
    trace.set(traceparent)
    FLAVOURS[flavour].call(sdk.read_accounts, **options)
    headers = ("traceparent", "tracestate", "baggage")
    assert [[head.get(name) for name in headers] for head in platform.heads] == [
        [traceparent, "vendor=1", None],
        [None, None, None],
    ]
    sent = [event for event in heard.until("callEnded") if event["type"] == "requestSent"]
    joined = ("call", "call_id", "request", "request_id", "attempt")
    assert asked == [{name: event[name] for name in joined} for event in sent]


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_an_asynchronous_function_is_refused(module: Any) -> None:
    async def hook(_: object) -> None:
        await asyncio.sleep(0)

    with pytest.raises(digime_sdk.TypeValidationError) as caught:
        module.init(application_id="app", on_event=hook)
    assert caught.value.path == "config.on_event"
