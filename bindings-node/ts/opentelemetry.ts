/** What the SDK does as spans of OpenTelemetry, of which `@opentelemetry/api` has to be installed. */

import { setImmediate } from "node:timers/promises";
import type { Attributes, Span, Tracer, TracerProvider } from "@opentelemetry/api";
import type { SdkEvent, TraceContext, TracedAttempt } from "./generated/data";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "./opentelemetry-api";

/** More spans than these are not open at a time: of a call that is lost sight of, the end never comes. */
const MOST_OPEN = 10_000;

const FIRST_ERROR = 400;

/** Not that of tests in which time is faked, and nothing ever later. */
const later = setImmediate;

/**
 * Makes spans of events. Give its `onEvent` to `init` or `initPkb`: each call is a span, within that of its caller, and each attempt at a
 * request one within it, named and described by OpenTelemetry's conventions for HTTP clients. What else happens, such as a refresh or a
 * lease that is taken, is an event of the call's span.
 *
 * Give its `traceContext` too, and requests say of which span they are (`traceparent`), by OpenTelemetry's global propagator.
 */
export class Tracing {
  readonly #tracer: Tracer;
  readonly #calls = new Map<number, Span>();
  readonly #attempts = new Map<string, Span>();

  /** `tracerProvider` is OpenTelemetry's global one where none is given. */
  constructor({ tracerProvider }: { tracerProvider?: TracerProvider } = {}) {
    const { version } = require("../package.json") as { version: string };
    this.#tracer = (tracerProvider ?? trace).getTracer("digime-sdk", version);
  }

  /** Takes note of an event. */
  readonly onEvent = (event: SdkEvent): void => {
    const { type, at, call, callId = 0 } = event;
    if (type === "callStarted") {
      // The span around it is that of whoever made the call, whose context this is.
      put(this.#calls, callId, this.#tracer.startSpan(`digime_sdk.${call}`, { startTime: at }));
    } else if (type === "callEnded") {
      end(taken(this.#calls, callId), at, event.reason);
    } else if (type === "requestSent") {
      const { server = "", port = 0 } = event;
      this.#attempt(event, at).setAttributes({ "server.address": server, "server.port": port });
    } else if (type === "requestAnswered" || type === "requestFailed") {
      this.#answered(event);
    } else {
      this.#calls.get(callId)?.addEvent(`digime_sdk.${type}`, beside(event), at);
    }
  };

  /** Says of which span an attempt at a request is. */
  readonly traceContext = async (attempt: TracedAttempt): Promise<TraceContext> => {
    // The events before it are told in a later turn.
    await later();
    const carrier: TraceContext = {};
    propagation.inject(trace.setSpan(context.active(), this.#attempt(attempt, Date.now())), carrier);
    return carrier;
  };

  /** The span of an attempt, which may have begun with the question of which it is. */
  #attempt(of: Pick<SdkEvent, "callId" | "request" | "requestId" | "attempt">, startTime: number): Span {
    const { callId = 0, request = "", attempt = 1 } = of;
    const begun = this.#attempts.get(key(of));
    if (begun) return begun;
    const [method = "", template = ""] = request.split(/ (.*)/s);
    const attributes: Attributes = { "http.request.method": method };
    // What has no path that is known beforehand is called by what it is.
    if (!template.includes(" ")) attributes["url.template"] = template;
    if (attempt > 1) attributes["http.request.resend_count"] = attempt - 1;
    const around = this.#calls.get(callId);
    const parent = around ? trace.setSpan(context.active(), around) : context.active();
    const options = { kind: SpanKind.CLIENT, attributes, startTime };
    const span = this.#tracer.startSpan(`${method} ${template}`, options, parent);
    put(this.#attempts, key(of), span);
    return span;
  }

  #answered(event: SdkEvent): void {
    const span = taken(this.#attempts, key(event));
    const { at, statusCode, reason } = event;
    if (statusCode !== undefined) span?.setAttribute("http.response.status_code", statusCode);
    end(span, at, statusCode !== undefined && statusCode >= FIRST_ERROR ? `${statusCode}` : reason);
  }
}

function key({ requestId = 0, attempt = 1 }: Pick<SdkEvent, "requestId" | "attempt">): string {
  return `${requestId} ${attempt}`;
}

function put<K>(spans: Map<K, Span>, key: K, span: Span): void {
  const [oldest] = spans;
  if (oldest && spans.size >= MOST_OPEN) {
    oldest[1].end();
    spans.delete(oldest[0]);
  }
  spans.set(key, span);
}

function taken<K>(spans: Map<K, Span>, key: K): Span | undefined {
  const span = spans.get(key);
  spans.delete(key);
  return span;
}

function end(span: Span | undefined, at: number, error: string | undefined): void {
  if (error !== undefined) {
    span?.setAttribute("error.type", error);
    span?.setStatus({ code: SpanStatusCode.ERROR });
  }
  span?.end(at);
}

/** What an event says beside what its span does, under names as OpenTelemetry spells them. */
function beside({ type, at, call, callId, ...members }: SdkEvent): Attributes {
  const spelled = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [`digime_sdk.${spelled(name)}`, value]));
}
