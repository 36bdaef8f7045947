"""That what stands in for the network in applications' tests does so for the SDK, by way of httpx."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import digime_sdk
import httpx
import pytest
import respx
from pytest_httpx import HTTPXMock

from mocked_platforms import ANSWERS, PIECES, PUSH, flavours, go_through_both, go_through_both_in_a_loop


@pytest.mark.parametrize("go_through", [*flavours()])
def test_respx(go_through: Callable[[], None]) -> None:
    with respx.mock(assert_all_called=True) as router:
        routes = {
            url: router.route(method=method, url=url).mock(httpx.Response(status, json=body))
            for method, url, status, body in ANSWERS
        }
        go_through()
    assert all(route.call_count == 1 for route in routes.values())
    assert routes[PUSH].calls.last.request.content == b"".join(PIECES)


@pytest.mark.parametrize("go_through", [*flavours()])
def test_a_request_that_respx_does_not_know_is_an_error_that_has_its_own_as_its_cause(
    go_through: Callable[[], None],
) -> None:
    with respx.mock, pytest.raises(digime_sdk.TransportError) as failed:
        go_through()
    assert type(failed.value.__cause__).__name__ == "AllMockedAssertionError"
    assert failed.value.sent == "maybe"


@pytest.mark.parametrize("go_through", [*flavours()])
def test_pytest_httpx(go_through: Callable[[], None], httpx_mock: HTTPXMock) -> None:
    for method, url, status, body in ANSWERS:
        httpx_mock.add_response(method=method, url=url, status_code=status, json=body)
    go_through()
    [pushed] = httpx_mock.get_requests(url=PUSH)
    assert pushed.read() == b"".join(PIECES)


@pytest.mark.parametrize("go_through", [*flavours()])
@pytest.mark.parametrize(
    ("error", "network_error", "sent"),
    [
        (httpx.ConnectError("no"), "ECONNREFUSED", "nothing"),
        (httpx.ConnectTimeout("no"), "ETIMEDOUT", "nothing"),
        (httpx.PoolTimeout("no"), "ETIMEDOUT", "nothing"),
        (httpx.ReadTimeout("no"), "ETIMEDOUT", "maybe"),
        (httpx.ReadError("no"), "ECONNRESET", "maybe"),
        (httpx.WriteError("no"), "ECONNRESET", "maybe"),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), "ECONNRESET", "maybe"),
        (httpx.RemoteProtocolError("illegal status line"), "EPROTO", "maybe"),
        (httpx.ProxyError("no"), "EPROTO", "maybe"),
    ],
    ids=repr,
)
def test_what_httpx_fails_with_is_named_and_says_how_much_was_sent(
    go_through: Callable[[], None], error: httpx.RequestError, network_error: str, sent: str, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_exception(error)
    with pytest.raises(digime_sdk.TransportError) as failed:
        go_through()
    assert (failed.value.network_error, failed.value.sent) == (network_error, sent)
    assert failed.value.__cause__ is error
    # What the frames of httpx hold is the request, with its token.
    assert error.__traceback__ is None


def test_a_client_that_is_closed_has_sent_nothing() -> None:
    plain, asynchronous = httpx.Client(), httpx.AsyncClient()
    plain.close()
    asyncio.run(asynchronous.aclose())
    for attempt in (partial(go_through_both, plain), partial(asyncio.run, go_through_both_in_a_loop(asynchronous))):
        with pytest.raises(digime_sdk.TransportError) as failed:
            attempt()
        assert (failed.value.network_error, failed.value.sent) == ("EUNKNOWN", "nothing")
