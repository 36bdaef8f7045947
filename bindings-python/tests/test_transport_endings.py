"""How requests that a transport of the application's own carries go on at once, are given up, and end with a loop."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import httpx
import pytest
from digime_sdk import blocking
from own_transport import ACCOUNTS, JSON, read_whole
from platform_double import METADATA, PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from digi_me import DigiMe
    from digime_sdk import ReadAccountsOptions


def _within(milliseconds: int, options: ReadAccountsOptions) -> Any:
    return {**options, "timeouts": {"call": milliseconds}}


LISTED = {
    "status": {"state": "completed", "details": {"19_1": {"state": "completed"}}},
    "fileList": [{"name": name, "updatedDate": 1} for name in "abc"],
}


def test_the_requests_of_one_call_go_on_at_once_in_threads(file_options: Any) -> None:
    together = threading.Barrier(3)
    threads = set()

    def answer(request: blocking.TransportRequest) -> blocking.TransportResponse:
        threads.add(threading.get_ident())
        if request.url.endswith("/key"):
            return blocking.TransportResponse(200, JSON, json.dumps(LISTED).encode())
        together.wait(PATIENCE)
        return blocking.TransportResponse(404, JSON, b"{}")

    sdk = blocking.init(application_id="app", retry_options={"limit": 0}, transport=answer)
    events = list(sdk.read_all_files(**file_options))
    assert sorted(event["data"]["file_name"] for event in events if event["type"] == "file_error") == ["a", "b", "c"]
    assert threading.get_ident() not in threads


def test_the_requests_of_one_call_go_on_at_once_in_tasks_of_its_loop(file_options: Any) -> None:

    async def main() -> list[Any]:
        loop, together, there = asyncio.get_running_loop(), asyncio.Event(), []

        async def answer(request: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
            assert asyncio.get_running_loop() is loop
            if request.url.endswith("/key"):
                return digime_sdk.TransportResponse(200, JSON, json.dumps(LISTED).encode())
            there.append(request.url)
            if len(there) == 3:
                together.set()
            await together.wait()
            raise ConnectionResetError

        sdk = digime_sdk.init(application_id="app", retry_options={"limit": 0}, transport=answer)
        return [event async for event in sdk.read_all_files(**file_options)]

    errors = [event["data"]["error"] for event in asyncio.run(main()) if event["type"] == "file_error"]
    assert len(errors) == 3
    assert all(isinstance(error.__cause__, ConnectionResetError) for error in errors)


@pytest.mark.parametrize("by", ["cancelling", "timeout", "end of the loop"])
def test_a_request_that_nobody_waits_for_is_cancelled(by: str, options: ReadAccountsOptions) -> None:
    ended = []

    async def main() -> None:
        arrived = asyncio.Event()

        async def answer(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
            arrived.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                ended.append(by)
                raise
            raise AssertionError

        sdk = digime_sdk.init(application_id="app", transport=answer)
        if by == "timeout":
            with pytest.raises(digime_sdk.TimeoutError):
                await sdk.read_accounts(**_within(50, options))
            return
        call = asyncio.ensure_future(sdk.read_accounts(**options))
        await arrived.wait()
        if by == "cancelling":
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    began = time.monotonic()
    asyncio.run(main())
    assert ended == [by]
    assert time.monotonic() - began < PATIENCE / 2


def test_a_refresh_goes_on_when_its_call_is_cancelled_and_its_loop_ends(digi_me: DigiMe) -> None:
    told: list[Any] = []
    given = digi_me.expired()

    async def main() -> None:
        arrived = asyncio.Event()

        async def send(request: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
            body = request.body if isinstance(request.body, (bytes, type(None))) else await read_whole(request.body)
            if request.url.endswith("oauth/token"):
                arrived.set()
                await asyncio.sleep(0.2)
            return await asyncio.to_thread(_sent, request, body)

        config = {**digi_me.config, "transport": send}
        sdk = digime_sdk.init(**config)
        call = asyncio.ensure_future(sdk.read_accounts(**given, on_access_token_change=told.append))
        await arrived.wait()
        call.cancel()

    before = digi_me.refreshes()
    asyncio.run(main())
    assert digi_me.refreshes() == before + 1
    [token] = told
    assert token != given["user_access_token"]


def _sent(request: Any, body: Any) -> digime_sdk.TransportResponse:
    """Send a request for real."""
    answer = httpx.request(request.method, request.url, headers=request.headers, content=body, trust_env=False)
    return digime_sdk.TransportResponse(answer.status_code, answer.headers.raw, answer.content, decoded=True)


def test_a_blocking_call_is_given_up_without_waiting_for_its_thread(options: ReadAccountsOptions) -> None:
    arrived, free = threading.Event(), threading.Event()
    given: list[object] = []

    def chunks() -> Iterator[bytes]:
        while True:
            given.append(1)
            yield b"["

    def answer(_: blocking.TransportRequest) -> blocking.TransportResponse:
        arrived.set()
        free.wait(PATIENCE)
        return blocking.TransportResponse(200, JSON, chunks(), close=lambda: given.append("closed"))

    sdk = blocking.init(application_id="app", transport=answer)
    with pytest.raises(digime_sdk.TimeoutError):
        sdk.read_accounts(**_within(100, options))
    assert arrived.is_set()
    threads = [each for each in threading.enumerate() if each.name == "digime-sdk-transport"]
    free.set()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert given[-1] == "closed"
    assert len(given) <= 2


INTERRUPTED = """
import signal, sys, threading
from digime_sdk import blocking

# Python sets no handler where SIGINT is ignored, as it is in what a shell runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)

def send(request):
    print("arrived", flush=True)
    threading.Event().wait()

options = {options}
sdk = blocking.init(application_id="app", transport=send)
try:
    sdk.read_accounts(**options)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_ends_a_call_whose_transport_is_stuck_and_the_process(options: ReadAccountsOptions) -> None:
    script = INTERRUPTED.replace("{options}", repr(options))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "arrived\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"
        assert process.wait(PATIENCE) == 0


def test_one_client_serves_two_loops_at_once(options: ReadAccountsOptions) -> None:
    together = threading.Barrier(2)
    loops = []

    async def answer(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
        loops.append(asyncio.get_running_loop())
        await asyncio.to_thread(together.wait, PATIENCE)
        return digime_sdk.TransportResponse(200, JSON, ACCOUNTS)

    sdk = digime_sdk.init(application_id="app", transport=answer)
    threads = [threading.Thread(target=lambda: asyncio.run(sdk.read_accounts(**options))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(set(loops)) == 2


def test_an_answer_counts_when_it_is_whole_however_long_it_takes_to_be_let_go_of(options: ReadAccountsOptions) -> None:
    released = threading.Event()

    async def hang() -> None:
        await asyncio.Event().wait()

    async def answer(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
        return digime_sdk.TransportResponse(200, JSON, ACCOUNTS, aclose=hang)

    async def main() -> Any:
        sdk = digime_sdk.init(application_id="app", transport=answer)
        return await sdk.read_accounts(**_within(5_000, options))

    def plain(_: blocking.TransportRequest) -> blocking.TransportResponse:
        return blocking.TransportResponse(200, JSON, ACCOUNTS, close=lambda: released.wait(PATIENCE) and None)

    began = time.monotonic()
    assert asyncio.run(main())["accounts"]
    sdk = blocking.init(application_id="app", transport=plain)
    assert sdk.read_accounts(**_within(5_000, options))["accounts"]
    assert time.monotonic() - began < PATIENCE / 2
    released.set()


@pytest.mark.parametrize("errs", [False, True])
def test_an_answer_counts_when_it_is_as_long_as_it_says_whatever_comes_then(
    errs: bool, options: ReadAccountsOptions
) -> None:
    released = threading.Event()
    head = [*JSON, ("content-length", f"{len(ACCOUNTS)}, {len(ACCOUNTS)}")]

    async def chunks() -> AsyncIterator[bytes]:
        yield ACCOUNTS
        if errs:
            raise ConnectionResetError
        await asyncio.Event().wait()

    async def answer(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
        return digime_sdk.TransportResponse(200, head, chunks())

    async def main() -> Any:
        sdk = digime_sdk.init(application_id="app", transport=answer)
        return await sdk.read_accounts(**_within(5_000, options))

    def plain_chunks() -> Iterator[bytes]:
        yield ACCOUNTS
        if errs:
            raise ConnectionResetError
        released.wait(PATIENCE)

    def plain(_: blocking.TransportRequest) -> blocking.TransportResponse:
        return blocking.TransportResponse(200, head, plain_chunks())

    assert asyncio.run(main())["accounts"]
    sdk = blocking.init(application_id="app", transport=plain)
    assert sdk.read_accounts(**_within(5_000, options))["accounts"]
    released.set()


def test_the_end_of_a_loop_does_not_wait_long_for_an_answer_that_nobody_reads(
    file_options: Any, seal: Callable[[bytes], bytes]
) -> None:
    kept = []
    content = seal(os.urandom(8_000_000))
    given = []

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 100_000):
            given.append(start)
            yield content[start : start + 100_000]

    async def main() -> None:
        async def answer(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
            described = base64.urlsafe_b64encode(json.dumps({"metadata": METADATA}).encode())
            headers = [("content-type", "application/octet-stream"), ("x-metadata", described.decode())]
            return digime_sdk.TransportResponse(200, headers, chunks())

        sdk = digime_sdk.init(application_id="app", transport=answer)
        kept.append(await sdk.read_file_stream(**file_options, file_name="a"))

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < PATIENCE / 2
    assert len(given) < len(content) // 100_000
