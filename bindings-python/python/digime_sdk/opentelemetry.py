"""What the SDK does as spans of OpenTelemetry, which has to be installed (`pip install digime-sdk[opentelemetry]`).

Give `tracing = Tracing()` to `init` or `init_pkb` as `on_event`: each call is a span, within that of its caller, and
each attempt at a request one within it, named and described by OpenTelemetry's conventions for HTTP clients. What else
happens, such as a refresh or a lease that is taken, is an event of the call's span.

Give `tracing.trace_context` as `trace_context` too, and requests say of which span they are (`traceparent`), by
OpenTelemetry's global propagator.
"""

from __future__ import annotations

import time
from typing import Any, Optional, Union

from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode, TracerProvider

from ._generated.types import SdkEvent, TraceContext, TracedAttempt
from ._native import __version__

__all__ = ["Tracing"]

_MOST_OPEN = 10_000
"""More spans than these are not open at a time: of a call that is lost sight of, the end never comes."""

_FIRST_ERROR = 400


class Tracing:
    """Makes spans of events. `tracer_provider` is OpenTelemetry's global one where none is given."""

    takes_no_time = True
    """It is told of events where they come, so that each comes before the question of which span its request is."""

    def __init__(self, tracer_provider: Optional[TracerProvider] = None) -> None:
        self._tracer = trace.get_tracer("digime_sdk", __version__, tracer_provider)
        self._calls: dict[int, Span] = {}
        self._attempts: dict[tuple[int, int], Span] = {}

    def __call__(self, event: SdkEvent) -> None:
        """Take note of an event."""
        kind, call = event["type"], event.get("call_id", 0)
        if kind == "callStarted":
            # The span around it is that of whoever made the call, whose context this is.
            span = self._tracer.start_span(f"digime_sdk.{event.get('call')}", start_time=_nanoseconds(event))
            _put(self._calls, call, span)
        elif kind == "callEnded":
            if (ended := self._calls.pop(call, None)) is not None:
                self._end(ended, event, event.get("reason"))
        elif kind == "requestSent":
            span = self._attempt(event, event["at"] * 1_000_000)
            span.set_attribute("server.address", event.get("server", ""))
            span.set_attribute("server.port", event.get("port", 0))
        elif kind in ("requestAnswered", "requestFailed"):
            self._end_attempt(event)
        elif (around := self._calls.get(call)) is not None:
            told = {f"digime_sdk.{name}": value for name, value in _beside(event).items()}
            around.add_event(f"digime_sdk.{kind}", told, _nanoseconds(event))

    def trace_context(self, attempt: TracedAttempt) -> TraceContext:
        """Say of which span an attempt at a request is."""
        carrier: TraceContext = {}
        propagate.inject(carrier, trace.set_span_in_context(self._attempt(attempt, time.time_ns())))
        return carrier

    def _attempt(self, of: Union[SdkEvent, TracedAttempt], start_time: int) -> Span:
        """Give the span of an attempt, which may have begun with the question of which it is."""
        attempt = of.get("attempt", 1)
        key = (of.get("request_id", 0), attempt)
        if (begun := self._attempts.get(key)) is not None:
            return begun
        around = self._calls.get(of.get("call_id", 0))
        method, _, template = of.get("request", "").partition(" ")
        attributes: dict[str, Any] = {"http.request.method": method}
        if " " not in template:  # What has no path that is known beforehand is called by what it is.
            attributes["url.template"] = template
        if attempt > 1:
            attributes["http.request.resend_count"] = attempt - 1
        span = self._tracer.start_span(
            f"{method} {template}",
            None if around is None else trace.set_span_in_context(around),
            SpanKind.CLIENT,
            attributes,
            start_time=start_time,
        )
        _put(self._attempts, key, span)
        return span

    def _end_attempt(self, event: SdkEvent) -> None:
        span = self._attempts.pop((event.get("request_id", 0), event.get("attempt", 1)), None)
        if span is None:
            return
        status = event.get("status_code")
        error = event.get("reason")
        if status is not None:
            span.set_attribute("http.response.status_code", status)
            error = str(status) if status >= _FIRST_ERROR else None
        self._end(span, event, error)

    def _end(self, span: Span, event: SdkEvent, error: Optional[str]) -> None:
        if error is not None:
            span.set_attribute("error.type", error)
            span.set_status(StatusCode.ERROR)
        span.end(_nanoseconds(event))


def _put(spans: dict[Any, Span], key: object, span: Span) -> None:
    if len(spans) >= _MOST_OPEN:
        spans.pop(next(iter(spans))).end()
    spans[key] = span


def _beside(event: SdkEvent) -> dict[str, Any]:
    """Give what an event says beside what its span does."""
    return {name: value for name, value in event.items() if name not in ("type", "at", "call", "call_id")}


def _nanoseconds(event: SdkEvent) -> int:
    return event["at"] * 1_000_000
