"""That every transport has the outcome of each bad network, or an error where it cannot see it: no wrong success."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import digime_sdk
import httpx
import pytest
from digime_sdk import blocking
from digime_sdk.httpx import BlockingHttpxTransport, HttpxTransport
from h2.connection import H2Connection

from gateways.authority import Certificate
from http2_server import Answer, Http2Server
from own_transports import by_urllib3, standard_library
from raw_server import RawServer

CONFORMANCE = Path(__file__).parents[1] / "conformance"
CASES: list[dict[str, Any]] = json.loads((CONFORMANCE / "transports.json").read_text(encoding="utf-8"))["cases"]
KEY = (CONFORMANCE / "keys" / "contract.pkcs1.pem").read_text(encoding="ascii")
USER: Any = {
    "contract_details": {"contract_id": "a-contract", "private_key": KEY},
    "user_access_token": {
        "accessToken": {"value": "an-access-token", "expiry": 4_102_444_800},
        "refreshToken": {"value": "a-refresh-token", "expiry": 4_102_444_800},
    },
}
CHUNK = 100_000


class OwnError(Exception):
    """That the application's stream fails."""


def pieces(stream: dict[str, int]) -> Iterator[bytes]:
    """Give the content of a push."""
    for given in range(0, stream["bytes"], CHUNK):
        if given >= stream.get("breaks", stream["bytes"]):
            raise OwnError
        yield bytes(CHUNK)


async def asynchronous_pieces(stream: dict[str, int]) -> AsyncIterator[bytes]:
    """Give the content of a push, which may stand still."""
    given = 0
    for piece in pieces(stream):
        if given >= stream.get("stalls", stream["bytes"]):
            await asyncio.Event().wait()
        yield piece
        given += CHUNK


def called(sdk: Any, call: dict[str, Any], source: Callable[[dict[str, int]], Any]) -> Any:
    """Make the call of a case."""
    ((name, options),) = call.items()
    timeouts = {"timeouts": options.get("timeouts")}
    if name == "get":
        return sdk.read_accounts(**USER, **timeouts)
    descriptor = {"mime_type": "text/plain", "accounts": [{"account_id": "an-account"}]}
    data = {"file_name": "a", "file_descriptor": descriptor, "file_data": source(options)}
    return sdk.push_data(**USER, data=data, **timeouts)


def in_plain_code(transport: blocking.Transport | None, base_url: str, call: dict[str, Any]) -> None:
    """Make a call in plain code."""
    sdk = blocking.init(application_id="a", base_url=base_url, retry_options={"limit": 0}, transport=transport)
    called(sdk, call, pieces)


async def in_a_loop(transport: digime_sdk.Transport | None, base_url: str, call: dict[str, Any]) -> None:
    """Make a call in an event loop."""
    sdk = digime_sdk.init(application_id="a", base_url=base_url, retry_options={"limit": 0}, transport=transport)
    await called(sdk, call, asynchronous_pieces)


def by_httpx(base_url: str, call: dict[str, Any]) -> None:
    """Make a call in plain code by httpx."""
    with httpx.Client() as client:
        in_plain_code(BlockingHttpxTransport(client), base_url, call)


async def by_httpx_in_a_loop(base_url: str, call: dict[str, Any]) -> None:
    """Make a call in an event loop by httpx."""
    async with httpx.AsyncClient() as client:
        await in_a_loop(HttpxTransport(client), base_url, call)


WRITES_BEFORE_IT_READS = {
    "a refusal while the body stands still": "TimeoutError call",
    "a success before the body was sent": "TimeoutError call",
}
"""What is not seen by who reads no answer before all of the request is written."""

GOES_ON_OVER_ITS_CONNECTION = {
    "a refusal of the token while the body is sent, and of the refresh": "TransportError",
}
"""What is not seen by who sends the next request over a connection that this server answers no more."""

KNOWS_NO_OTHERS_THAN_100 = {"informational answers before the answer": "TransportError"}
"""What is not seen by who takes an informational answer for the answer."""

TRANSPORTS: dict[str, tuple[Callable[[str, dict[str, Any]], None], dict[str, str]]] = {
    "own-asyncio": (lambda url, call: asyncio.run(in_a_loop(None, url, call)), {}),
    "own-blocking": (partial(in_plain_code, None), {}),
    "httpx-asyncio": (
        lambda url, call: asyncio.run(by_httpx_in_a_loop(url, call)),
        {**WRITES_BEFORE_IT_READS, **GOES_ON_OVER_ITS_CONNECTION},
    ),
    "httpx-blocking": (by_httpx, GOES_ON_OVER_ITS_CONNECTION),
    "http.client": (partial(in_plain_code, standard_library), KNOWS_NO_OTHERS_THAN_100),
    "urllib3": (partial(in_plain_code, by_urllib3), {**KNOWS_NO_OTHERS_THAN_100, **GOES_ON_OVER_ITS_CONNECTION}),
}
"""The transports, and what each has in place of an outcome that it cannot see."""


def outcome_of(call: Callable[[], None]) -> str:
    """Give what has come of a call, as the cases say it."""
    try:
        call()
    except OwnError:
        return "own"
    except digime_sdk.HTTPError as error:
        return f"HTTPError {error.response.status_code}"
    except digime_sdk.TimeoutError as error:
        return f"TimeoutError {error.phase}"
    except digime_sdk.DigiMeSDKError as error:
        return error.name
    return "success"


def is_for(name: str, case: dict[str, Any]) -> bool:
    """Whether a case can be: plain code, which waits for its own stream, can hear of nothing meanwhile."""
    return name.endswith("asyncio") or "stalls" not in case["call"].get("push", {})


def answering(headers: list[tuple[str, str]], body: bytes = b"") -> Answer:
    """Answer in whole."""

    def answer(connection: H2Connection, stream: int) -> None:
        connection.send_headers(stream, headers, end_stream=not body)
        if body:
            connection.send_data(stream, body, end_stream=True)

    return answer


OVER_HTTP_2: dict[str, tuple[Answer, str]] = {
    "an answer": (answering([(":status", "403")]), "HTTPError 403"),
    "a success": (answering([(":status", "200"), ("content-type", "application/json")], b"[]"), "success"),
    "an answer without what its length says": (
        answering([(":status", "200"), ("content-type", "application/json"), ("content-length", "9")], b"[]"),
        "TransportError",
    ),
    "a stream that is refused": (lambda connection, stream: connection.reset_stream(stream, 7), "TransportError"),
    "a server that leaves (GOAWAY)": (lambda connection, _: connection.close_connection(0), "TransportError"),
}
"""What servers of HTTP/2 do, and what must come of the call."""


def by_httpx_over_http_2(context: ssl.SSLContext, base_url: str) -> None:
    """Make a call in plain code by httpx."""
    with httpx.Client(http2=True, verify=context) as client:
        in_plain_code(BlockingHttpxTransport(client), base_url, {"get": {}})


async def by_httpx_over_http_2_in_a_loop(context: ssl.SSLContext, base_url: str) -> None:
    """Make a call in an event loop by httpx."""
    async with httpx.AsyncClient(http2=True, verify=context) as client:
        await in_a_loop(HttpxTransport(client), base_url, {"get": {}})


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
@pytest.mark.parametrize("what", OVER_HTTP_2)
def test_what_comes_of_httpx_over_http_2(trusted: Certificate, flavour: str, what: str) -> None:
    answer, outcome = OVER_HTTP_2[what]
    context = ssl.create_default_context(cafile=trusted.authority)
    with Http2Server(trusted, answer) as server:
        call = {
            "asyncio": lambda: asyncio.run(by_httpx_over_http_2_in_a_loop(context, server.base_url)),
            "blocking": lambda: by_httpx_over_http_2(context, server.base_url),
        }[flavour]
        assert outcome_of(call) == outcome


@pytest.mark.parametrize(
    ("name", "case"),
    [
        pytest.param(name, case, id=f"{name}: {case['name']}")
        for name in TRANSPORTS
        for case in CASES
        if is_for(name, case)
    ],
)
def test_what_comes_of_a_case(name: str, case: dict[str, Any]) -> None:
    call, unseen = TRANSPORTS[name]
    outcome, asked = unseen.get(case["name"], case["outcome"]), case["call"]
    if outcome == "TimeoutError call":
        ((kind, options),) = asked.items()
        asked = {kind: {**options, "timeouts": {"call": 1000}}}
    with RawServer(case["server"]) as server:
        assert outcome_of(lambda: call(server.base_url, asked)) == outcome
    assert "/elsewhere" not in server.asked


def test_what_a_transport_cannot_see_is_an_error_and_one_of_the_cases() -> None:
    for _, unseen in TRANSPORTS.values():
        assert unseen.keys() <= {case["name"] for case in CASES}
        assert all("Error" in outcome for outcome in unseen.values())
