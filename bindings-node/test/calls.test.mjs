/** How a call ends: with its result, with the failure of the caller's own function, or because it is aborted. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable } from "node:stream";
import { test } from "node:test";
import { init } from "../dist/index.js";
import { aPushOf, contractDetails, platform, refreshing, userAccessToken } from "./platform.mjs";

const options = { contractDetails, userAccessToken };

test("a call without a result resolves to undefined", async (t) => {
  const { pushData } = init(await platform(t, (request, response) => request.resume().on("end", () => response.end())));
  assert.equal(await pushData(aPushOf(Buffer.from("a file"))), undefined);
});

test("a function of the caller is awaited, with the object that holds it as this", async (t) => {
  const { pushData } = init(await platform(t, refreshing));
  const seen = [];
  const listener = {
    seen,
    async onAccessTokenChange(token) {
      this.seen.push(token.accessToken.value);
    },
  };
  await assert.rejects(pushData(aPushOf(Buffer.from("a file"), listener)), { name: "HTTPError" });
  assert.deepEqual(seen, ["second-access-token"]);
});

test("what a function returns without need does no harm", async (t) => {
  const { pushData } = init(await platform(t, refreshing));
  const cyclic = {};
  cyclic.itself = cyclic;
  const push = pushData(aPushOf(Buffer.from("a file"), { onAccessTokenChange: () => cyclic }));
  await assert.rejects(push, { name: "HTTPError" });
});

test("a function of the configuration serves every call", async (t) => {
  let requests = 0;
  const config = await platform(t, (_, response) => {
    requests += 1;
    response.statusCode = 503;
    response.end();
  });
  const asked = [];
  const calculateDelay = ({ attemptCount }) => {
    asked.push(attemptCount);
    return attemptCount < 2 ? 1 : 0;
  };
  const { readAccounts } = init({ ...config, retryOptions: { limit: 5, calculateDelay } });
  for (const _ of ["one call", "another"]) await assert.rejects(readAccounts(options), { name: "HTTPError" });
  assert.deepEqual(asked, [1, 2, 1, 2]);
  assert.equal(requests, 4);
});

test("an aborted call is rejected with the signal's reason, and its request is dropped", async (t) => {
  const controller = new AbortController();
  const reason = new Error("the person went away");
  const dropped = new Promise((resolve, reject) => {
    platform(t, (request) => {
      request.on("close", resolve);
      controller.abort(reason);
    }).then((config) => {
      const { readAccounts } = init(config);
      assert
        .rejects(readAccounts({ ...options, signal: controller.signal }), (error) => error === reason)
        .catch(reject);
    });
  });
  await dropped;
});

test("a call is aborted while a function of the caller is awaited", async (t) => {
  const { pushData } = init(await platform(t, refreshing));
  const controller = new AbortController();
  const onAccessTokenChange = () => {
    controller.abort();
    return new Promise(() => {});
  };
  const push = pushData(aPushOf(Buffer.from("a file"), { onAccessTokenChange, signal: controller.signal }));
  await assert.rejects(push, { name: "AbortError" });
});

test("a call with a signal that is aborted already sends nothing", async (t) => {
  const { readAccounts } = init(await platform(t, () => assert.fail("something was sent")));
  await assert.rejects(readAccounts({ ...options, signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("what is no AbortSignal is refused as one, and nothing is sent", async (t) => {
  const config = await platform(t, () => assert.fail("something was sent"));
  const { readAccounts, pushData, readAllFiles } = init(config);
  const refusal = {
    name: "TypeValidationError",
    path: "options.signal",
    message: /options\.signal: is no AbortSignal$/,
  };
  for (const signal of [{}, "abort", 1, new AbortController(), { aborted: true }]) {
    await assert.rejects(readAccounts({ ...options, signal }), refusal);
  }
  const fileData = Readable.from([Buffer.from("a file")]);
  await assert.rejects(pushData(aPushOf(fileData, { signal: {} })), refusal);
  await once(fileData, "close");
  const { contractId, privateKey } = options.contractDetails;
  const reading = {
    sessionKey: "a-session",
    contractId,
    privateKey,
    userAccessToken,
    onFileData() {},
    onFileError() {},
  };
  assert.throws(() => readAllFiles({ ...reading, signal: {} }), refusal);
});

test("a signal may outlive its calls", async (t) => {
  const { readAccounts } = init(await platform(t, (_, response) => response.end("[]")));
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...parameters) => {
    listeners += 1;
    return addEventListener.apply(signal, parameters);
  };
  signal.removeEventListener = (...parameters) => {
    listeners -= 1;
    return removeEventListener.apply(signal, parameters);
  };
  await readAccounts({ ...options, signal });
  assert.equal(listeners, 0);
});

test("a call may have time-outs of its own", async (t) => {
  const { readAccounts } = init({ ...(await platform(t, () => {})), retryOptions: { limit: 0 } });
  const patience = { timeouts: { idle: 50 } };
  await assert.rejects(readAccounts({ ...options, ...patience }), { name: "TimeoutError", phase: "idle", after: 50 });
  const mistake = { timeouts: { idle: "long" } };
  await assert.rejects(readAccounts({ ...options, ...mistake }), {
    name: "TypeValidationError",
    path: "options.timeouts.idle",
  });
});

test("the environment says where the platform is, unless the configuration does", async (t) => {
  const { baseUrl, applicationId } = await platform(t, (_, response) => response.end("[]"));
  process.env.DIGIME_BASE_URL = baseUrl;
  t.after(() => delete process.env.DIGIME_BASE_URL);
  assert.deepEqual((await init({ applicationId }).readAccounts(options)).accounts, []);
  process.env.DIGIME_BASE_URL = "http://127.0.0.1:9/";
  assert.deepEqual((await init({ applicationId, baseUrl }).readAccounts(options)).accounts, []);
  process.env.DIGIME_BASE_URL = "nowhere";
  assert.throws(() => init({ applicationId }), { name: "TypeValidationError", path: "DIGIME_BASE_URL" });
});
