"""A transport of the application's own: what it is given, what comes of its answers, and how it is given up."""

from __future__ import annotations

import asyncio
import gzip
import threading
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

import digime_sdk
import pytest
from digime_sdk import TransportError, TypeValidationError, blocking
from own_transport import ACCOUNTS, FLAVOURS, JSON, Answer, read_whole, response, run
from platform_double import ACCOUNT, PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from digime_sdk import ReadAccountsOptions


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
        answer = response(flavour, 200, headers, odd)
        with pytest.raises(TransportError, match="gzip"):
            run(flavour, partial(_same, answer), "read_accounts", options)


def _same(answer: Any, _: Any) -> Any:
    return answer


class _Closing:
    """A body in chunks, which knows whether it was closed."""

    def __init__(self, chunks: list[Any], fails: bool = False) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
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
        TransportError, match=r"config\.transport answered with a body of which a chunk is no bytes, but str"
    ):
        run(flavour, answering(["[]"]), "read_accounts", options)
    # A call waits for an answer, and not until it is let go of.
    for thread in threading.enumerate():
        if thread.name == "digime-sdk-transport":
            thread.join(PATIENCE)
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
        (lambda make: make(200, [("content-length", "1")], b"[]"), "content-length is 1"),
        (lambda make: make(200, [("content-length", "-2")], b"[]"), "content-length is none"),
        (lambda make: make(200, [("content-length", "+2")], b"[]"), "content-length is none"),
        (lambda make: make(200, [("content-length", "2"), ("content-length", "3")], b"[]"), "content-length is none"),
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

    own: Any = asynchronous
    later: Any = lambda request: asynchronous(request)  # noqa: E731 - of which nobody can tell

    with pytest.raises(TypeValidationError, match="not asynchronous") as refused:
        blocking.init(application_id="app", transport=own)
    assert refused.value.path == "config.transport"
    sdk = blocking.init(application_id="app", retry_options={"limit": 0}, transport=later)
    with pytest.raises(TransportError, match="is asynchronous"):
        sdk.read_accounts(**options)
    config: Any = {"transport": lambda _: response("blocking", 200, JSON, b"[]"), "retry_options": {"limit": 0}}
    waiting = digime_sdk.init(application_id="app", **config)
    with pytest.raises(TransportError, match="returned TransportResponse in place of something to await"):
        asyncio.run(waiting.read_accounts(**options))


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

        with pytest.raises(TransportError, match=r"config\.transport failed") as failed:
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


def push(flavour: str, own: Any, options: Any) -> None:
    """Push by a transport."""
    if flavour == "blocking":
        blocking.init(application_id="app", transport=own).push_data(**options)
    else:
        asyncio.run(digime_sdk.init(application_id="app", transport=own).push_data(**options))


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
        bodies.append(request.body if isinstance(request.body, bytes) else await read_whole(request.body))
        return response(flavour, 200, JSON, b"{}")

    own = asyncio_transport if flavour == "asyncio" else blocking_transport
    for content in (iter(pieces), b"short"):
        push(flavour, own, _pushing(options, content))
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
        await read_whole(request.body)

    own = asyncio_transport if flavour == "asyncio" else blocking_transport
    with pytest.raises(LookupError, match="mine"):
        push(flavour, own, _pushing(options, pieces()))
