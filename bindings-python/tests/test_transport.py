"""A transport of the application's own: what it is given, what comes of its answers, and how it is given up."""

from __future__ import annotations

import asyncio
import gzip
import json
import signal
import subprocess
import sys
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import TransportError, TypeValidationError, blocking
from platform_double import ACCOUNT, LONG, PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from digi_me import DigiMe
    from digime_sdk import ReadAccountsOptions

FLAVOURS = ("asyncio", "blocking")
JSON = [("content-type", "application/json")]
ACCOUNTS = json.dumps([ACCOUNT]).encode()
Answer = Callable[[Any], Any]
"""Makes the answer to a request, in plain code, or raises."""


def response(flavour: str, *args: Any, **named: Any) -> Any:
    """Make an answer as a flavour has it."""
    return (digime_sdk if flavour == "asyncio" else blocking).TransportResponse(*args, **named)


def transport(flavour: str, answer: Answer) -> Any:
    """Make a transport that answers."""
    if flavour == "blocking":
        return answer

    async def send(request: digime_sdk.TransportRequest) -> Any:
        return answer(request)

    return send


def run(flavour: str, answer: Answer, call: str, options: Any, **config: Any) -> Any:
    """Make a call by a transport that answers."""
    given: Any = {"application_id": "app", "retry_options": {"limit": 0}, **config}
    own = transport(flavour, answer)
    if flavour == "blocking":
        return getattr(blocking.init(**given, transport=own), call)(**options)
    return asyncio.run(getattr(digime_sdk.init(**given, transport=own), call)(**options))


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_request_is_given_signed_and_what_is_answered_is_the_calls(
    flavour: str, options: ReadAccountsOptions
) -> None:
    requests = []

    def answer(request: Any) -> Any:
        requests.append(request)
        return response(flavour, 200, JSON, ACCOUNTS)

    answered = run(flavour, answer, "read_accounts", options, base_url="https://platform.invalid/v1/")
    assert answered["accounts"] == [ACCOUNT]
    [request] = requests
    assert (request.method, request.body) == ("GET", None)
    assert request.url == "https://platform.invalid/v1/permission-access/accounts"
    assert dict(request.headers)["authorization"].startswith("Bearer ey")
    assert request.timeout > 60
    assert repr(request) == "<TransportRequest GET>"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_body_comes_as_it_was_sent_unless_the_transport_has_decoded_it(
    flavour: str, options: ReadAccountsOptions
) -> None:
    headers = [*JSON, ("content-encoding", "gzip")]
    coded = gzip.compress(ACCOUNTS)
    raw = run(flavour, lambda _: response(flavour, 200, headers, coded), "read_accounts", options)
    decoded = run(flavour, lambda _: response(flavour, 200, headers, ACCOUNTS, True), "read_accounts", options)
    assert raw["accounts"] == decoded["accounts"] == [ACCOUNT]
    for odd in (coded[:-9], ACCOUNTS):
        with pytest.raises(TransportError, match="gzip"):
            run(flavour, lambda _, odd=odd: response(flavour, 200, headers, odd), "read_accounts", options)


class _Closing:
    """A body in chunks, which knows whether it was closed."""

    def __init__(self, chunks: list[Any], fails: bool = False) -> None:
        self._chunks = iter(chunks)
        self._fails = fails
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        if self._fails:
            raise ConnectionResetError
        raise StopIteration

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return next(self)
        except StopIteration:
            raise StopAsyncIteration from None

    def end(self) -> None:
        self.closed += 1

    async def aend(self) -> None:
        self.closed += 1

    def named(self, flavour: str) -> dict[str, Any]:
        return {"aclose": self.aend} if flavour == "asyncio" else {"close": self.end}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_answer_is_closed_once_however_it_ends(flavour: str, options: ReadAccountsOptions) -> None:
    bodies = []

    def answering(*args: Any) -> Answer:
        def answer(_: Any) -> Any:
            bodies.append(_Closing(*args))
            return response(flavour, 200, JSON, bodies[-1], **bodies[-1].named(flavour))

        return answer

    whole = answering([ACCOUNTS[:5], b"", bytearray(ACCOUNTS[5:9]), memoryview(ACCOUNTS[9:])])
    assert run(flavour, whole, "read_accounts", options)["accounts"] == [ACCOUNT]
    with pytest.raises(TransportError) as failed:
        run(flavour, answering([ACCOUNTS], True), "read_accounts", options)
    assert (failed.value.network_error, failed.value.sent) == ("ECONNRESET", "maybe")
    assert isinstance(failed.value.__cause__, ConnectionResetError)
    with pytest.raises(
        TransportError, match="config.transport answered with a body of which a chunk is no bytes, but str"
    ):
        run(flavour, answering(["[]"]), "read_accounts", options)
    assert [body.closed for body in bodies] == [1, 1, 1]


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(
    ("odd", "told"),
    [
        (lambda _: None, "in place of"),
        (lambda make: make("200", JSON, b"[]"), "without a status"),
        (lambda make: make(101, JSON, b"[]"), "without a status"),
        (lambda make: make(200, [("a", 5)], b"[]"), "a header that is none"),
        (lambda make: make(200, ["ab"], b"[]"), "a header that is none"),
        (lambda make: make(200, JSON, "[]"), "a body that is neither bytes nor an|a chunk is no bytes"),
        (lambda make: make(200, JSON, None), "a body that is neither bytes nor an"),
        (lambda make: make(200, [("content-length", "3")], b"[]"), "content-length is 3"),
    ],
)
def test_what_does_not_keep_to_what_is_agreed_is_named(
    flavour: str, odd: Callable[[Any], Any], told: str, options: ReadAccountsOptions
) -> None:
    with pytest.raises(TransportError, match=f"config.transport .*({told})") as failed:
        run(flavour, lambda _: odd(lambda *args: response(flavour, *args)), "read_accounts", options)
    assert failed.value.sent == "maybe"


def test_a_transport_of_the_other_flavour_is_named(options: ReadAccountsOptions) -> None:
    async def asynchronous(_: Any) -> Any:
        return response("asyncio", 200, JSON, b"[]")

    with pytest.raises(TypeValidationError, match="not asynchronous") as refused:
        blocking.init(application_id="app", transport=asynchronous)  # type: ignore[arg-type] # pyright: ignore
    assert refused.value.path == "config.transport"
    sdk = blocking.init(application_id="app", retry_options={"limit": 0}, transport=lambda r: asynchronous(r))  # type: ignore[arg-type,return-value] # pyright: ignore
    with pytest.raises(TransportError, match="is asynchronous"):
        sdk.read_accounts(**options)
    with pytest.raises(TransportError, match="returned TransportResponse in place of something to await"):
        config: Any = {"transport": lambda _: response("blocking", 200, JSON, b"[]"), "retry_options": {"limit": 0}}
        asyncio.run(digime_sdk.init(application_id="app", **config).read_accounts(**options))


@pytest.mark.parametrize("module", [digime_sdk, blocking], ids=FLAVOURS)
@pytest.mark.parametrize("beside", [{"ca": "x"}, {"proxy": False}, {"client_certificate": {"cert": "x", "key": "y"}}])
def test_what_makes_connections_is_refused_beside_it(module: Any, beside: dict[str, Any]) -> None:
    [name] = beside
    pkb = {"client_id": "c", "redirect_uri": "https://app.example/linked", "environment": "sandbox"}
    for init, config in ((module.init, {"application_id": "app"}), (module.init_pkb, pkb)):
        with pytest.raises(TypeValidationError) as refused:
            init(**config, **beside, transport=print)
        assert refused.value.path == f"config.{name}"
        with pytest.raises(TypeValidationError) as refused:
            init(**config, transport=5)
        assert refused.value.path == "config.transport"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_it_raises_is_the_cause_and_says_how_much_was_sent(flavour: str, options: ReadAccountsOptions) -> None:
    for raised, network_error, sent in [
        (LookupError("mine"), "EUNKNOWN", "maybe"),
        (ConnectionRefusedError(), "ECONNREFUSED", "maybe"),
        (TransportError("m", "ENOTFOUND", "nothing"), "ENOTFOUND", "nothing"),
        (TransportError("m", "ECONNRESET", "whole"), "ECONNRESET", "maybe"),
    ]:

        def fail(_: Any, raised: Exception = raised) -> Any:
            raise raised

        with pytest.raises(TransportError, match="config.transport failed") as failed:
            run(flavour, fail, "read_accounts", options)
        assert (failed.value.network_error, failed.value.sent) == (network_error, sent)
        assert failed.value.__cause__ is raised


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_is_caused_by_the_network_is_named_and_repeated_as_ever(
    flavour: str, options: ReadAccountsOptions
) -> None:
    asked = []

    def answer(_: Any) -> Any:
        asked.append(1)
        if len(asked) < 3:
            try:
                raise ConnectionResetError
            except ConnectionResetError as error:
                raise LookupError from error
        return response(flavour, 200, JSON, ACCOUNTS)

    retry = {"limit": 2, "calculate_delay": lambda _: 1}
    assert run(flavour, answer, "read_accounts", options, retry_options=retry)["accounts"] == [ACCOUNT]
    assert len(asked) == 3


USER: ContextVar[str] = ContextVar("USER")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_it_sees_the_context_of_its_caller(flavour: str, options: ReadAccountsOptions) -> None:
    seen = []

    def answer(_: Any) -> Any:
        seen.append(USER.get())
        return response(flavour, 200, JSON, ACCOUNTS)

    token = USER.set("user-1")
    run(flavour, answer, "read_accounts", options)
    USER.reset(token)
    assert seen == ["user-1"]


def _pushing(options: ReadAccountsOptions, content: Any) -> dict[str, Any]:
    descriptor = {"mime_type": "text/plain", "accounts": [{"account_id": "1"}]}
    return {**options, "data": {"file_data": content, "file_name": "a", "file_descriptor": descriptor}}


def _read(body: Any) -> bytes:
    return b"".join(body)


async def _aread(body: Any) -> bytes:
    return b"".join([chunk async for chunk in body])


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_stream_is_read_as_it_is_sent_and_a_short_body_is_bytes(flavour: str, options: ReadAccountsOptions) -> None:
    pieces = [bytes([each]) * 100_000 for each in range(9)]
    bodies, headers = [], []

    def blocking_transport(request: Any) -> Any:
        headers.append(dict(request.headers))
        bodies.append(request.body if isinstance(request.body, bytes) else _read(request.body))
        return response(flavour, 200, JSON, b"{}")

    async def asyncio_transport(request: Any) -> Any:
        headers.append(dict(request.headers))
        bodies.append(request.body if isinstance(request.body, bytes) else await _aread(request.body))
        return response(flavour, 200, JSON, b"{}")

    for content in (iter(pieces), b"short"):
        if flavour == "blocking":
            blocking.init(application_id="app", transport=blocking_transport).push_data(**_pushing(options, content))
        else:
            sdk = digime_sdk.init(application_id="app", transport=asyncio_transport)
            asyncio.run(sdk.push_data(**_pushing(options, content)))
    assert bodies == [b"".join(pieces), b"short"]
    assert [each.get("content-length") for each in headers] == [None, "5"]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_a_stream_raises_is_the_callers_whatever_the_transport_makes_of_it(
    flavour: str, options: ReadAccountsOptions
) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(1_000_000)
        raise LookupError("mine")

    def blocking_transport(request: Any) -> Any:
        _read(request.body)

    async def asyncio_transport(request: Any) -> Any:
        await _aread(request.body)

    with pytest.raises(LookupError, match="mine"):
        if flavour == "blocking":
            blocking.init(application_id="app", transport=blocking_transport).push_data(**_pushing(options, pieces()))
        else:
            sdk = digime_sdk.init(application_id="app", transport=asyncio_transport)
            asyncio.run(sdk.push_data(**_pushing(options, pieces())))


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
                await sdk.read_accounts(**options, timeouts={"call": 50})
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
            body = request.body if isinstance(request.body, (bytes, type(None))) else await _aread(request.body)
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
    import httpx

    answer = httpx.request(request.method, request.url, headers=request.headers, content=body, trust_env=False)
    return digime_sdk.TransportResponse(answer.status_code, answer.headers.raw, answer.content, decoded=True)


def test_a_blocking_call_is_given_up_without_waiting_for_its_thread(options: ReadAccountsOptions) -> None:
    arrived, free, given = threading.Event(), threading.Event(), []

    def chunks() -> Iterator[bytes]:
        while free.wait(0.01) or True:
            given.append(1)
            yield b"["

    def answer(_: blocking.TransportRequest) -> blocking.TransportResponse:
        arrived.set()
        free.wait(PATIENCE)
        return blocking.TransportResponse(200, JSON, chunks(), close=lambda: given.append("closed"))

    sdk = blocking.init(application_id="app", transport=answer)
    with pytest.raises(digime_sdk.TimeoutError):
        sdk.read_accounts(**options, timeouts={"call": 100})
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


def test_the_end_of_a_loop_does_not_wait_for_an_answer_that_nobody_reads(file_options: Any) -> None:
    kept = []

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LONG // 100_000):
            yield bytes(100_000)

    async def main() -> None:
        async def answer(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
            return digime_sdk.TransportResponse(200, [("content-type", "application/octet-stream")], chunks())

        sdk = digime_sdk.init(application_id="app", transport=answer)
        with pytest.raises(digime_sdk.DigiMeSDKError):
            kept.append(await sdk.read_file_stream(**file_options, file_name="a"))

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < PATIENCE / 2
