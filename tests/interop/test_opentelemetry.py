"""What must hold with OpenTelemetry: calls and requests are spans, within the caller's, and hold no secret."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import digime_sdk
import pytest
from digime_sdk import blocking
from digime_sdk.opentelemetry import Tracing
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.trace import SpanKind, StatusCode

from sandbox import Sandbox

PATIENCE = 30


class Kept(SpanProcessor):
    """Keeps spans that have ended."""

    def __init__(self) -> None:  # noqa: D107
        self.spans: list[ReadableSpan] = []
        self._call_ended = threading.Event()

    def on_end(self, span: ReadableSpan) -> None:
        """Keep the span."""
        self.spans.append(span)
        if span.name.startswith("digime_sdk."):
            self._call_ended.set()

    def of_call(self) -> tuple[ReadableSpan, list[ReadableSpan]]:
        """Wait for the span of the call, and give those within it too."""
        assert self._call_ended.wait(PATIENCE)
        [call] = [span for span in self.spans if span.name.startswith("digime_sdk.")]
        assert call.context
        inner = [span for span in self.spans if span.parent and span.parent.span_id == call.context.span_id]
        return call, inner


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.mark.parametrize("flavour", ["asyncio", "blocking"])
def test_a_call_is_a_span_within_the_callers_and_each_attempt_one_within_it(
    sandbox: Sandbox, kept: Kept, flavour: str
) -> None:
    provider = TracerProvider()
    provider.add_span_processor(kept)
    config: Any = {
        "application_id": sandbox.announced["applicationId"],
        "base_url": sandbox.announced["baseUrl"],
        "on_event": Tracing(provider),
    }
    contract = sandbox.contract("push")
    with provider.get_tracer("application").start_as_current_span("mine") as mine:
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
    assert contract["contract_id"] not in "".join(span.to_json() for span in kept.spans)


def test_what_fails_and_is_repeated_is_told(sandbox: Sandbox, kept: Kept) -> None:
    provider = TracerProvider()
    provider.add_span_processor(kept)
    sdk = blocking.init(
        application_id=sandbox.announced["applicationId"],
        base_url="http://127.0.0.1:1/",
        retry_options={"limit": 1, "calculate_delay": lambda _: 1},
        on_event=Tracing(provider),
    )
    token: digime_sdk.UserAccessToken = {
        "accessToken": {"value": "secret-access", "expiry": 4_102_444_800},
        "refreshToken": {"value": "secret-refresh", "expiry": 4_102_444_800},
        "user": {"id": "secret-user"},
    }
    with pytest.raises(digime_sdk.TransportError):
        sdk.read_accounts(contract_details=sandbox.contract("push"), user_access_token=token)
    call, requests = kept.of_call()
    assert call.status.status_code is StatusCode.ERROR
    assert (call.attributes or {})["error.type"] == "ERR_TRANSPORT"
    attributes = [dict(request.attributes or {}) for request in requests]
    assert [each["error.type"] for each in attributes] == ["ECONNREFUSED", "ECONNREFUSED"]
    assert [each.get("http.request.resend_count") for each in attributes] == [None, 1]
    assert "digime_sdk.requestRetried" in [event.name for event in call.events]
    assert "secret" not in "".join(span.to_json() for span in kept.spans)
