/** What must hold with OpenTelemetry: calls and requests are spans, within the caller's, requests say so, and none holds a secret. */

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { folder, sdk } from "./sdk.mjs";

const { Tracing } = createRequire(`${folder}/package.json`)("digime-sdk/opentelemetry");

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const options = {
  contractDetails: { contractId: "secret-contract", privateKey },
  userAccessToken: {
    accessToken: { value: "secret-access", expiry: 4102444800 },
    refreshToken: { value: "secret-refresh", expiry: 4102444800 },
  },
};

before(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

/** A tracer's provider; `ended` waits for the span of the call, and gives those within it too. */
function keeping() {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const ended = async () => {
    for (;;) {
      const spans = exporter.getFinishedSpans();
      const call = spans.find(({ name }) => name.startsWith("digime_sdk."));
      if (call) {
        const within = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === call.spanContext().spanId);
        return { call, within, spans };
      }
      await new Promise(setImmediate);
    }
  };
  return { tracerProvider, ended };
}

/** A platform that is overloaded at first; what comes before its address is the configuration, and `heads` are those of requests. */
async function recovering(t) {
  const heads = [];
  const server = createServer((request, response) => {
    response.statusCode = heads.push(request.headers) === 1 ? 503 : 200;
    response.end("[]");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close().closeAllConnections());
  const baseUrl = `http://127.0.0.1:${server.address().port}/`;
  return { heads, config: { applicationId: "app", baseUrl, retryOptions: { calculateDelay: () => 1 } } };
}

/** What of spans could tell a secret. */
function written(spans) {
  return JSON.stringify(spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]));
}

for (const propagates of [true, false]) {
  const says = propagates ? ", of which the request tells" : "";
  test(`a call is a span within its caller's, and each attempt at a request one within it${says}`, async (t) => {
    const { tracerProvider, ended } = keeping();
    const { heads, config } = await recovering(t);
    const { onEvent, traceContext } = new Tracing({ tracerProvider });
    const { readAccounts } = sdk.init({ ...config, onEvent, ...(propagates && { traceContext }) });
    const mine = tracerProvider.getTracer("application").startSpan("mine");
    await context.with(trace.setSpan(context.active(), mine), () => readAccounts(options));
    const { call, within, spans } = await ended();
    assert.equal(call.name, "digime_sdk.readAccounts");
    assert.equal(call.parentSpanContext.spanId, mine.spanContext().spanId);
    assert.equal(call.status.code, SpanStatusCode.UNSET);
    const [first, second] = within;
    for (const request of [first, second]) {
      assert.equal(request.kind, SpanKind.CLIENT);
      assert.equal(request.name, "GET permission-access/accounts");
      assert.equal(request.attributes["http.request.method"], "GET");
      assert.equal(request.attributes["url.template"], "permission-access/accounts");
      assert.equal(request.attributes["server.address"], "127.0.0.1");
      assert.equal(request.attributes["server.port"], Number(new URL(config.baseUrl).port));
    }
    assert.deepEqual(first.attributes["http.response.status_code"], 503);
    assert.equal(first.attributes["error.type"], "503");
    assert.equal(first.status.code, SpanStatusCode.ERROR);
    assert.equal(second.attributes["http.request.resend_count"], 1);
    assert.equal(second.status.code, SpanStatusCode.UNSET);
    const retried = call.events.find(({ name }) => name === "digime_sdk.requestRetried");
    assert.equal(retried.attributes["digime_sdk.request_id"] > 0, true);
    assert.equal(within.length, 2);
    const traceparents = within.map((span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`);
    assert.deepEqual(
      heads.map(({ traceparent }) => traceparent),
      propagates ? traceparents : [undefined, undefined],
    );
    assert.ok(!written(spans).includes("secret"));
  });
}

for (const when of ["its request is under way", "its request is about to say of which span it is"]) {
  test(`a call that is aborted while ${when} ends its span, and that of the attempt`, async (t) => {
    const { tracerProvider, ended } = keeping();
    const { onEvent, traceContext } = new Tracing({ tracerProvider });
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("the person went away"));
    const server = createServer(abort);
    await once(server.listen(0, "127.0.0.1"), "listening");
    t.after(() => server.close().closeAllConnections());
    const asked = async (attempt) => {
      const answer = await traceContext(attempt);
      if (when !== "its request is under way") abort();
      return answer;
    };
    const baseUrl = `http://127.0.0.1:${server.address().port}/`;
    const { readAccounts } = sdk.init({ applicationId: "app", baseUrl, onEvent, traceContext: asked });
    await assert.rejects(readAccounts({ ...options, signal: controller.signal }), /went away/);
    const { call, within } = await ended();
    assert.equal(call.attributes["error.type"], "cancelled");
    assert.deepEqual(
      within.map(({ attributes }) => attributes["error.type"]),
      ["cancelled"],
    );
  });
}

test("a request whose path nobody knows beforehand has no template", async (t) => {
  const { tracerProvider, ended } = keeping();
  const { config } = await recovering(t);
  const { onEvent } = new Tracing({ tracerProvider });
  const pkb = sdk.initPkb({
    clientId: "app",
    redirectUri: "https://app.example/linked",
    environment: "sandbox",
    endpoints: { baseUrl: config.baseUrl, facade: { tokenUrl: config.baseUrl } },
    systemClient: { clientId: "system", clientSecret: "secret" },
    onEvent,
  });
  await assert.rejects(pkb.getSystemToken());
  const { within, spans } = await ended();
  assert.ok(within.length > 0);
  for (const { attributes } of within) assert.ok(!("url.template" in attributes));
  assert.ok(!written(spans).includes("secret"));
});

test("a call that fails is a span with its error", async () => {
  const { tracerProvider, ended } = keeping();
  const { onEvent } = new Tracing({ tracerProvider });
  const retryOptions = { limit: 0 };
  const { readAccounts } = sdk.init({ applicationId: "app", baseUrl: "http://127.0.0.1:1/", retryOptions, onEvent });
  await assert.rejects(readAccounts(options), { name: "TransportError" });
  const { call, within, spans } = await ended();
  assert.equal(call.status.code, SpanStatusCode.ERROR);
  assert.equal(call.attributes["error.type"], "ERR_TRANSPORT");
  assert.deepEqual(
    within.map(({ attributes }) => attributes["error.type"]),
    ["ECONNREFUSED"],
  );
  assert.ok(!written(spans).includes("secret"));
});
