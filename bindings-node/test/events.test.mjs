/** That an application can see what the SDK does, and that looking on changes nothing. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { init } from "../dist/index.js";
import { contractDetails, expiring, platform, userAccessToken } from "./platform.mjs";
import { reading, session } from "./session.mjs";

const options = { contractDetails, userAccessToken };

test("a call, its requests, a refresh and the token that is stored are told of, without a secret", async (t) => {
  const events = [];
  const sdk = init({ ...(await platform(t, expiring([]))), onEvent: (event) => events.push(event) });
  const kept = [];
  await sdk.readAccounts({ ...options, onAccessTokenChange: (token) => kept.push(token) });
  await setImmediate();
  const types = events.map(({ type }) => type);
  assert.equal(types[0], "callStarted");
  assert.equal(types.at(-1), "callEnded");
  const inOrder = ["requestStarted", "requestSent", "requestAnswered", "refreshStarted", "refreshEnded", "tokenStored"];
  const places = inOrder.map((type) => types.indexOf(type));
  assert.ok(!places.includes(-1), types.join());
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  );
  assert.deepEqual(new Set(events.map(({ call }) => call)), new Set(["readAccounts"]));
  assert.equal(new Set(events.map(({ callId }) => callId)).size, 1);
  assert.equal(events[1].request, "GET permission-access/accounts");
  const told = JSON.stringify(events);
  for (const { accessToken, refreshToken } of [userAccessToken, kept[0]])
    for (const secret of [accessToken.value, refreshToken.value]) assert.ok(!told.includes(secret));
  assert.ok(!told.includes(kept[0].user.id));
});

test("a function is told also where a test fakes the time", async (t) => {
  const own = globalThis.setImmediate;
  t.after(() => {
    globalThis.setImmediate = own;
  });
  globalThis.setImmediate = () => {};
  const config = await platform(t, expiring([]));
  const told = await new Promise((onEvent, reject) => {
    init({ ...config, onEvent })
      .readAccounts(options)
      .catch(reject);
  });
  assert.equal(told.type, "callStarted");
});

test("a function that throws, rejects or takes its time does no harm", async (t) => {
  const hooks = [
    () => {
      throw new RangeError("mine");
    },
    () => Promise.reject(new RangeError("mine")),
    () => new Promise(() => {}),
  ];
  for (const onEvent of hooks) {
    const sdk = init({ ...(await platform(t, expiring([]))), onEvent });
    const { accounts } = await sdk.readAccounts({ ...options, onAccessTokenChange: () => {} });
    assert.ok(Array.isArray(accounts));
    await setImmediate();
  }
});

/** The events that are told, and a promise of the first of a type. */
function watching() {
  const told = [];
  const awaited = new Map();
  const onEvent = (event) => {
    told.push(event);
    awaited.get(event.type)?.(event);
  };
  const first = (type) => new Promise((resolve) => awaited.set(type, resolve));
  return { told, onEvent, first };
}

test("a file that is read as a stream is told of when the stream ends, is cancelled, aborted or breaks off", async (t) => {
  const content = Buffer.alloc(3_000_000, "text");
  const config = await platform(t, session([], { "a.json": content, "b.json": content, "c.json": content }));
  const { onEvent, first, told } = watching();
  const { readFileStream } = init({ ...config, onEvent });
  const opened = (fileName, more) => readFileStream({ ...reading, fileName, ...more });

  let heard = first("fileRead");
  const { body } = await opened("a.json");
  for await (const _ of body);
  const { call, callId, succeeded, bytes } = await heard;
  assert.deepEqual({ call, succeeded, bytes }, { call: "readFileStream", succeeded: true, bytes: content.length });
  assert.equal(callId, told[0].callId);

  heard = first("fileRead");
  await (await opened("b.json")).body.cancel();
  assert.equal((await heard).succeeded, false);

  heard = first("fileRead");
  const controller = new AbortController();
  const aborted = await opened("c.json", { signal: controller.signal });
  controller.abort();
  await assert.rejects(aborted.body.getReader().read());
  assert.equal((await heard).succeeded, false);

  heard = first("fileRead");
  await assert.rejects(opened("none.json"));
  assert.equal((await heard).succeeded, false);
});

test("a call that is aborted is told of as cancelled", async (t) => {
  const { onEvent, first } = watching();
  const sdk = init({ ...(await platform(t, () => {})), onEvent });
  const sent = first("requestSent");
  const ended = first("callEnded");
  const controller = new AbortController();
  const call = sdk.readAccounts({ ...options, signal: controller.signal });
  await sent;
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  const { succeeded, reason } = await ended;
  assert.deepEqual({ succeeded, reason }, { succeeded: false, reason: "cancelled" });
});

test("a call tells of the answers to its requests before its result, and of none of their credentials", async (t) => {
  const headed = (_, response) => {
    response.setHeader("x-error-reference", "a-reference");
    response.setHeader("set-cookie", "session=a-secret");
    response.end("[]");
  };
  const { readAccounts } = init(await platform(t, expiring([], headed)));
  const answers = [];
  const onResponse = (answer) => {
    answers.push(answer);
    throw new RangeError("mine");
  };
  const onAccessTokenChange = () => {};
  await readAccounts({ ...options, onAccessTokenChange, onResponse });
  assert.deepEqual(
    answers.map(({ request, statusCode }) => [request, statusCode]),
    [
      ["GET permission-access/accounts", 401],
      ["POST oauth/token", 200],
      ["GET of the platform's key set", 200],
      ["GET permission-access/accounts", 200],
    ],
  );
  const { reference, headers } = answers.at(-1);
  assert.equal(reference, "a-reference");
  assert.equal(headers["content-length"], "2");
  assert.equal(headers["set-cookie"], undefined);
  await assert.rejects(readAccounts({ ...options, onResponse: 5 }), {
    name: "TypeValidationError",
    message: /onResponse/,
  });
});

test("each attempt at a request says of which trace it is, as a function tells that may be late", async (t) => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const heads = [];
  const recovering = (request, response) => {
    response.statusCode = heads.push(request.headers) === 1 ? 503 : 200;
    response.end("[]");
  };
  const asked = [];
  const traceContext = async (attempt) => {
    await setImmediate();
    asked.push(attempt);
    if (attempt.attempt > 1) throw new RangeError("mine");
    return { traceparent, tracestate: "vendor=1", baggage: "a-person" };
  };
  const { told, onEvent } = watching();
  const retryOptions = { calculateDelay: () => 1 };
  const sdk = init({ ...(await platform(t, recovering)), retryOptions, onEvent, traceContext });
  await sdk.readAccounts(options);
  await setImmediate();
  assert.deepEqual(
    heads.map(({ traceparent, tracestate, baggage }) => [traceparent, tracestate, baggage]),
    [
      [traceparent, "vendor=1", undefined],
      [undefined, undefined, undefined],
    ],
  );
  const sent = told.filter(({ type }) => type === "requestSent");
  const joined = ({ call, callId, request, requestId, attempt }) => ({ call, callId, request, requestId, attempt });
  assert.deepEqual(asked, sent.map(joined));
});

for (const [what, traceContext] of [
  ["never answers", () => new Promise(() => {})],
  [
    "answers with what cannot be read",
    () => Object.defineProperty({}, "traceparent", { get: () => assert.fail("mine") }),
  ],
  ["throws what cannot be read", () => Promise.reject(new Proxy({}, { get: () => assert.fail("mine") }))],
]) {
  test(`a request goes without its trace where the function that tells of it ${what}`, async (t) => {
    const heads = [];
    const answering = (request, response) => {
      heads.push(request.headers);
      response.end("[]");
    };
    const sdk = init({ ...(await platform(t, answering)), traceContext });
    await sdk.readAccounts(options);
    assert.deepEqual(
      heads.map(({ traceparent }) => traceparent),
      [undefined],
    );
  });
}

test("NODE_DEBUG=digime-sdk writes a line for each event, and none is written without it", async (t) => {
  const { applicationId, baseUrl } = await platform(t, expiring([]));
  const sdk = JSON.stringify(fileURLToPath(new URL("../dist/index.js", import.meta.url)));
  const program = `
    const { init } = require(${sdk});
    const onEvent = ({ type }) => type === "callEnded" && console.log("told");
    const sdk = init({ ...${JSON.stringify({ applicationId, baseUrl })}, onEvent });
    sdk.readAccounts({ ...${JSON.stringify(options)}, onAccessTokenChange: () => {} });
  `;
  const run = async (NODE_DEBUG) => {
    const env = { ...process.env, NODE_DEBUG };
    return promisify(execFile)(process.execPath, ["-e", program], { env });
  };
  const { stdout, stderr } = await run("digime-sdk");
  assert.equal(stdout, "told\n");
  const lines = stderr.trimEnd().split("\n");
  for (const line of lines) assert.match(line, /^DIGIME-SDK \d+: readAccounts#\d+ \w+/);
  assert.match(
    stderr,
    /requestAnswered requestId=\d+ request=GET permission-access\/accounts attempt=1 statusCode=401/,
  );
  assert.match(stderr, /tokenStored/);
  for (const secret of ["first-access-token", "first-refresh-token", "second-access-token", "a-user"])
    assert.ok(!stderr.includes(secret));
  assert.equal((await run("")).stderr, "");
});
