/** That what stands in for the network in applications' tests, or looks on, does so for the SDK, by way of `fetch`. */

import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import nock from "nock";
import * as undici from "undici";
import { ANSWERS, contractDetails, goThroughBoth, isWholePush } from "./mocked_platforms.mjs";
import { serving } from "./raw_server.mjs";
import { sdk } from "./sdk.mjs";

const JSON_TYPE = { "content-type": "application/json" };
const isPush = (path) => path.endsWith("/import");

test("undici's MockAgent, which sees bodies that are text as text", async () => {
  const agent = new undici.MockAgent();
  agent.disableNetConnect();
  const pushed = [];
  for (const [origin, method, path, status, body] of ANSWERS) {
    // A stream is read by who wants it, and is to be read.
    const reply = async ({ body: sent }) => {
      if (sent && typeof sent !== "string") pushed.push([path, await buffer(sent)]);
      return JSON.stringify(body);
    };
    const text = path === "/permission-access/trigger" ? { body: (sent) => typeof JSON.parse(sent) === "object" } : {};
    agent
      .get(origin)
      .intercept({ path, method, ...text })
      .reply(status, reply, { headers: JSON_TYPE });
  }
  await goThroughBoth((url, init) => undici.fetch(url, { ...init, dispatcher: agent }));
  agent.assertNoPendingInterceptors();
  const [, body] = pushed.find(([path]) => isPush(path));
  assert.ok(isWholePush(body));
  const [, form] = pushed.find(([path]) => path === "/apiToken.action");
  assert.match(String(form), /^grant_type=authorization_code/);
});

test("nock", async (t) => {
  nock.disableNetConnect();
  t.after(() => {
    nock.cleanAll();
    nock.restore();
    nock.enableNetConnect();
  });
  const scopes = ANSWERS.map(([origin, method, path, status, body]) => {
    const isSent = (sent) =>
      isPush(path) ? isWholePush(Buffer.from(sent, /^[0-9a-f]+$/.test(sent) ? "hex" : "utf8")) : true;
    return nock(origin)
      .intercept(path, method, method === "POST" ? isSent : undefined)
      .reply(status, body, JSON_TYPE);
  });
  await goThroughBoth(fetch);
  for (const scope of scopes) scope.done();
});

test("msw", async (t) => {
  const pushed = [];
  const handlers = ANSWERS.map(([origin, method, path, status, body]) =>
    http[method.toLowerCase()](`${origin}${path.replaceAll("$", "\\$")}`, async ({ request }) => {
      if (isPush(path)) pushed.push(Buffer.from(await request.arrayBuffer()));
      return HttpResponse.json(body, { status });
    }),
  );
  const server = setupServer(...handlers);
  server.listen({ onUnhandledRequest: "error" });
  t.after(() => server.close());
  await goThroughBoth(fetch);
  assert.equal(pushed.length, 1);
  assert.ok(isWholePush(pushed[0]));
});

test("a request that nock forbids is an error that has nock's own as its cause", async (t) => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  t.after(() => {
    nock.restore();
    nock.enableNetConnect();
  });
  await assert.rejects(goThroughBoth(fetch), ({ name, cause }) => {
    assert.equal(name, "TransportError");
    assert.match(String(cause.cause.stack) + String(cause.cause.cause?.stack), /nock|NetConnectNotAllowed/i);
    return true;
  });
});

test("OpenTelemetry's instrumentation of undici has each request as a span of that in which its call was made", async (t) => {
  const spans = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  provider.register();
  t.after(registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] }));
  const refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
  const { baseUrl } = await serving(t, [{ read: "request" }, { send: refusal }, { hold: true }]);
  const client = sdk.init({ applicationId: "a", baseUrl, fetch, retryOptions: { limit: 0 } });
  const tracer = provider.getTracer("an-application");
  const parents = await Promise.all(
    ["one", "two"].map((name) =>
      tracer.startActiveSpan(name, async (span) => {
        await assert.rejects(client.getServiceSampleDataSets({ contractDetails, sourceId: 1 }), { name: "HTTPError" });
        span.end();
        return span.spanContext().spanId;
      }),
    ),
  );
  const requests = spans.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext);
  assert.deepEqual(requests.map(({ parentSpanContext }) => parentSpanContext.spanId).sort(), parents.sort());
  assert.ok(requests.every(({ attributes }) => attributes["http.response.status_code"] === 403));
});
