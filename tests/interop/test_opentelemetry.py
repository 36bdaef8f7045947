"""What must hold with OpenTelemetry: calls and requests are spans, within the caller's, and hold no secret."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import digime_sdk
import pytest
from digime_sdk import blocking
from digime_sdk.opentelemetry import Tracing
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from sandbox import Sandbox


class Kept:
    """Keeps spans that have ended, in memory."""

    def __init__(self) -> None:  # noqa: D107
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """All of them."""
        return self._exporter.get_finished_spans()

    def of_call(self) -> tuple[ReadableSpan, list[ReadableSpan]]:
        """Give the span of the call, which has ended with it, and those within it."""
        [call] = [span for span in self.spans if span.name.startswith("digime_sdk.")]
        assert call.context
        inner = [span for span in self.spans if span.parent and span.parent.span_id == call.context.span_id]
        return call, inner


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def heads() -> Iterator[tuple[str, list[Message]]]:
    """Give the address of a platform that knows no accounts, and the headers of what it was asked."""
    asked: list[Message] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers)
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


TOKEN: digime_sdk.UserAccessToken = {
    "accessToken": {"value": "secret-access", "expiry": 4_102_444_800},
    "refreshToken": {"value": "secret-refresh", "expiry": 4_102_444_800},
    "user": {"id": "secret-user"},
}


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
def test_a_call_is_a_span_within_the_callers_and_each_attempt_one_within_it(
    sandbox: Sandbox, kept: Kept, flavour: str
) -> None:
    config: Any = {
        "application_id": sandbox.announced["applicationId"],
        "base_url": sandbox.announced["baseUrl"],
        "on_event": Tracing(kept.provider),
    }
    contract = sandbox.contract("push")
    with kept.provider.get_tracer("application").start_as_current_span("mine") as mine:
        if flavour == "asyncio":
            asyncio.run(digime_sdk.init(**config).get_contract_details(contract_details=contract))
        else:
            blocking.init(**config).get_contract_details(contract_details=contract)
        call, [request] = kept.of_call()
    assert call.name == "digime_sdk.get_contract_details"
    assert call.parent
    assert call.parent.span_id == mine.get_span_context().span_id
    assert call.status.status_code is StatusCode.UNSET
    assert request.kind is SpanKind.CLIENT
    assert request.attributes
    assert request.attributes["http.response.status_code"] == 200
    method, template = request.attributes["http.request.method"], request.attributes["url.template"]
    assert request.name.split(" ") == [method, template]
    server = urlsplit(str(sandbox.announced["baseUrl"]))
    assert (request.attributes["server.address"], request.attributes["server.port"]) == (server.hostname, server.port)
    assert contract["contract_id"] not in "".join(span.to_json() for span in kept.spans)


def test_a_call_that_is_cancelled_ends_its_span_and_that_of_the_attempt(sandbox: Sandbox, kept: Kept) -> None:
    async def main() -> None:
        loop, tracing = asyncio.get_running_loop(), Tracing(kept.provider)
        under_way, ended = asyncio.Event(), asyncio.Event()

        def told(event: digime_sdk.SdkEvent) -> None:
            tracing(event)
            if event["type"] == "callEnded":
                loop.call_soon_threadsafe(ended.set)

        async def silent(_: digime_sdk.TransportRequest) -> digime_sdk.TransportResponse:
            under_way.set()
            await asyncio.Event().wait()
            raise AssertionError

        sdk = digime_sdk.init(application_id="app", transport=silent, on_event=told)
        options: Any = {"contract_details": sandbox.contract("push"), "user_access_token": TOKEN}
        call = asyncio.ensure_future(sdk.read_accounts(**options))
        await under_way.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await ended.wait()

    asyncio.run(main())
    call, [request] = kept.of_call()
    assert [(span.attributes or {})["error.type"] for span in (call, request)] == ["cancelled", "cancelled"]


def test_what_fails_and_is_repeated_is_told(sandbox: Sandbox, kept: Kept) -> None:
    sdk = blocking.init(
        application_id=sandbox.announced["applicationId"],
        base_url="http://127.0.0.1:1/",
        retry_options={"limit": 1, "calculate_delay": lambda _: 1},
        on_event=Tracing(kept.provider),
    )
    with pytest.raises(digime_sdk.TransportError):
        sdk.read_accounts(contract_details=sandbox.contract("push"), user_access_token=TOKEN)
    call, requests = kept.of_call()
    assert call.status.status_code is StatusCode.ERROR
    assert (call.attributes or {})["error.type"] == "ERR_TRANSPORT"
    attributes = [dict(request.attributes or {}) for request in requests]
    assert [each["error.type"] for each in attributes] == ["ECONNREFUSED", "ECONNREFUSED"]
    assert [each.get("http.request.resend_count") for each in attributes] == [None, 1]
    assert "digime_sdk.requestRetried" in [event.name for event in call.events]
    assert "secret" not in "".join(span.to_json() for span in kept.spans)


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
def test_a_request_says_of_which_span_it_is_where_that_is_asked_for(
    sandbox: Sandbox, kept: Kept, heads: tuple[str, list[Message]], flavour: str
) -> None:
    base_url, asked = heads
    tracing = Tracing(kept.provider)
    config: Any = {"application_id": "app", "base_url": base_url, "on_event": tracing}
    options: Any = {"contract_details": sandbox.contract("push"), "user_access_token": TOKEN}
    asking: Any = {**config, "trace_context": tracing.trace_context}
    for given in (asking, config):
        if flavour == "asyncio":
            asyncio.run(digime_sdk.init(**given).read_accounts(**options))
        else:
            blocking.init(**given).read_accounts(**options)
    told, untold = asked
    request = next(span for span in kept.spans if span.kind is SpanKind.CLIENT)
    assert request.context
    assert told["traceparent"].startswith(f"00-{request.context.trace_id:032x}-{request.context.span_id:016x}-")
    assert untold["traceparent"] is None
    assert request.parent
    assert request.parent.span_id in {span.context.span_id for span in kept.spans if span.context}
