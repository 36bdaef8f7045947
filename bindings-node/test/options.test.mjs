/** How what an application gives reaches the core. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { init } from "../dist/index.js";
import { bodyOf, contractDetails, platform, userAccessToken } from "./platform.mjs";

const { pushData, readAccounts } = init({ applicationId: "an-application" });

/** What the platform gets when a document is pushed to a provider. */
async function pushed(t, data) {
  const { promise, resolve } = deferred();
  const config = await platform(t, async (request, response) => {
    resolve(JSON.parse(await bodyOf(request)));
    response.end("{}");
  });
  await init(config).pushData(aDocument(data));
  return promise;
}

function aDocument(data) {
  const where = { type: "provider", version: "stu3", standard: "fhir", accountId: "an-account" };
  return { contractDetails, userAccessToken, data, ...where };
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test("a document arrives as JSON.stringify would write it", async (t) => {
  class Itself {
    value = 1;
    toJSON() {
      return this;
    }
  }
  const data = {
    text: "é\u0000☃",
    numbers: [0, -0, 1.5, -3, 2 ** 53, 1e300],
    nothing: null,
    left: undefined,
    list: [undefined, true],
    date: new Date(0),
    inherited: Object.create({ a: 1 }),
    "key with \u0000 and .": {},
    itself: new Itself(),
  };
  assert.deepEqual(await pushed(t, data), { ...JSON.parse(JSON.stringify(data)), inherited: { a: 1 } });
});

test("a BigInt is a whole number, and one that an option has no room for is refused by its path", async (t) => {
  assert.deepEqual(await pushed(t, { zero: 0n, negative: -5n }), { zero: 0, negative: -5 });
  await assert.rejects(pushData({ ...aDocument({}), timeouts: { total: 2n ** 64n } }), {
    name: "TypeValidationError",
    path: "options.timeouts.total",
    message: /expected a whole number/,
  });
});

test("options that contain themselves are refused, and nothing breaks", async () => {
  const data = { entry: [] };
  data.entry.push(data);
  await assert.rejects(pushData(aDocument(data)), { name: "TypeValidationError", path: /^options\.data\.entry\[0\]/ });
});

test("options may be nested 100 levels deep, and not 100,000", async (t) => {
  const nested = (depth) => Array.from({ length: depth }).reduce((inner) => ({ inner }), {});
  assert.deepEqual(await pushed(t, nested(100)), nested(100));
  await assert.rejects(pushData(aDocument(nested(100_000))), {
    name: "TypeValidationError",
    message: /nested too deeply/,
  });
});

test("a toJSON that never ends is refused", async () => {
  const data = { toJSON: () => ({ toJSON: data.toJSON }) };
  await assert.rejects(pushData(aDocument(data)), { name: "TypeValidationError", message: /nested too deeply/ });
});

test("what a getter or a proxy throws reaches the caller as it is", async () => {
  const mine = new Error("mine");
  const throwing = () => {
    throw mine;
  };
  const isMine = (error) => error === mine;
  await assert.rejects(
    readAccounts(Object.defineProperty({}, "contractDetails", { get: throwing, enumerable: true })),
    isMine,
  );
  await assert.rejects(readAccounts({ contractDetails: new Proxy({}, { get: throwing, ownKeys: throwing }) }), isMine);
  await assert.rejects(pushData(aDocument({ toJSON: throwing })), isMine);
});

test("a call without options is refused", async () => {
  await assert.rejects(readAccounts(), { name: "TypeValidationError", path: "options" });
});
