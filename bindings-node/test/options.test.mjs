/** How what an application gives reaches the core. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { init, initPkb } from "../dist/index.js";
import { aTokenOf, bodyOf, contractDetails, jwks, platform, userAccessToken } from "./platform.mjs";

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

test("what stands in members that the SDK does not read is none of its business", async (t) => {
  const sdk = init(await platform(t, (_, response) => response.end("[]")));
  const circle = {};
  circle.itself = circle;
  const unread = {
    bytes: new Uint8Array(new ArrayBuffer(8), 1, 2),
    detached: structuredClone(new ArrayBuffer(8), { transfer: [] }),
    date: new Date(Number.NaN),
    symbol: Symbol("a"),
    whole: 2n ** 100n,
    circle,
    infinite: Number.POSITIVE_INFINITY,
    deep: Array.from({ length: 1000 }).reduce((inner) => ({ inner }), {}),
    stream: process.stdin,
    get boom() {
      throw new Error("mine");
    },
    toJSON: 5,
  };
  const details = { ...contractDetails };
  Object.defineProperties(details, Object.getOwnPropertyDescriptors(unread));
  const { accounts } = await sdk.readAccounts({ contractDetails: details, userAccessToken, unread });
  assert.deepEqual(accounts, []);
});

test("what is no text is refused where text is read, and nothing is sent", async (t) => {
  const sdk = init(await platform(t, () => assert.fail("something was sent")));
  const options = { contractDetails, userAccessToken, storageId: "a-storage" };
  for (const path of [
    Uint8Array.of(47),
    Buffer.from("/"),
    new Date(0),
    Symbol("/"),
    47n,
    ["/"],
    new String("/"),
    { toJSON: () => "/" },
    { toString: () => "/" },
  ]) {
    await assert.rejects(sdk.deleteStorageFiles({ ...options, path }), {
      name: "TypeValidationError",
      path: "options.path",
    });
  }
});

test("a key may be given as its bytes", async (t) => {
  const sdk = init(await platform(t, (_, response) => response.end(JSON.stringify({ status: { state: "pending" } }))));
  const { contractId, privateKey } = contractDetails;
  for (const key of [Buffer.from(privateKey), new Uint8Array(Buffer.from(privateKey))]) {
    const list = { sessionKey: "a-session", contractId, privateKey: key, userAccessToken };
    assert.equal((await sdk.readFileList(list)).status.state, "pending");
  }
});

test("a message names the option that is wrong, and calls no other wrong", async () => {
  const sdk = init({ applicationId: "an-application" });
  const { contractId, privateKey } = contractDetails;
  const right = { sessionKey: "a-session", fileName: "a.json", contractId, privateKey, userAccessToken };
  for (const call of ["readFile", "readFileStream", "readFileList", "readAllFiles"]) {
    for (const name of ["sessionKey", "contractId", "privateKey", "userAccessToken"]) {
      const failed = async () => sdk[call]({ ...right, [name]: 5 });
      await assert.rejects(failed, ({ message, path }) => {
        assert.equal(path, `options.${name}`);
        const named = message.match(/sessionKey|contractId|privateKey|userAccessToken/g);
        assert.deepEqual([...new Set(named)], [name], `${call}: ${message}`);
        return true;
      });
    }
  }
});

test("a message begins as that of the JavaScript SDK does", async () => {
  const sdk = init({ applicationId: "an-application" });
  const failed = "Parameters failed validation.";
  const begins = {
    getReauthorizeUrl: "Error on getReauthorizeUrl(). Incorrect parameters passed in.",
    queryCountries: `${failed} Params should be defined as outlined in QueryCountriesOptions type`,
    queryPlatforms: `${failed} Params should be defined as outlined in QueryPlatformsOptions type`,
    queryCategories: `${failed} Params should be defined as outlined in QueryCategoriesOptions type`,
    getContractDetails: `${failed} Params should be defined as outlined in GetContractDetailsOptions type`,
    createProvisionalStorage: `${failed} props should be a plain object that contains contractDetails`,
    getUserStorage: `${failed} props should be a plain object that contains contractDetails`,
    listStorageFiles: `${failed} Props should be a plain object that contains contractDetails and storageId`,
    downloadStorageFile: `${failed} Props should be a plain object that contains contractDetails, storageId and file path`,
    deleteStorageFiles: `${failed} Props should be a plain object that contains contractDetails, storageId and file path`,
  };
  for (const [call, beginning] of Object.entries(begins)) {
    await assert.rejects(sdk[call]({}), ({ message }) => {
      assert.equal(message.slice(0, beginning.length), beginning);
      assert.match(message, / options\.\w+: is missing$/);
      return true;
    });
  }
});

test("methods and states that there are none of are refused, as the JavaScript SDK does", async () => {
  const configured = (methods) => init({ applicationId: "an-application", retryOptions: { methods } });
  for (const methods of [["GET", "get", "Post"], [], undefined]) configured(methods);
  assert.throws(() => configured(["GET", "FETCH"]), {
    name: "TypeValidationError",
    path: "config.retryOptions.methods[1]",
  });
  const { querySources } = init({ applicationId: "an-application" });
  for (const publishedStatus of [["approved", "gone"], "approved", [1]]) {
    const sourcesBodyParams = { query: { filter: { publishedStatus } } };
    await assert.rejects(querySources({ contractDetails, sourcesBodyParams }), {
      name: "TypeValidationError",
      path: "options.sourcesBodyParams.query.filter.publishedStatus",
    });
  }
});

test("criteria of sources that cannot be compared are refused, as the JavaScript SDK does, and others are handed on", async (t) => {
  const asked = [];
  const config = await platform(t, async (request, response) => {
    asked.push(JSON.parse(await bodyOf(request)));
    response.end(JSON.stringify({ data: [], limit: 0, offset: 0, total: 0 }));
  });
  const { querySources } = init(config);
  for (const [where, wrong] of [
    ["sort", { name: "up" }],
    ["sort", {}],
    ["query.search", { name: "one" }],
    ["query.search", { practitioner: [1] }],
    ["query.filter", { id: ["1"] }],
    ["query.filter", { country: [1] }],
    ["query.filter", { platform: { id: "1" } }],
    ["query.filter", { sourceId: "1" }],
    ["query.filter", { alias: null }],
  ]) {
    const [outer, inner] = where.split(".");
    const sourcesBodyParams = { [outer]: inner ? { [inner]: wrong } : wrong };
    const path = `options.sourcesBodyParams.${where}.${Object.keys(wrong)[0] ?? "name"}`;
    await assert.rejects(querySources({ contractDetails, sourcesBodyParams }), { name: "TypeValidationError", path });
  }
  assert.deepEqual(asked, []);
  const filter = {
    id: [1.5],
    country: { id: [1], more: 1 },
    reference: ["a"],
    other: 5,
    type: { id: [] },
    publishedStatus: [],
  };
  const query = { search: { name: [], other: 5 }, filter };
  await querySources({ contractDetails, sourcesBodyParams: { sort: { name: "asc" }, query } });
  assert.deepEqual(asked, [{ sort: { name: "asc" }, query }]);
});

test("an answer that cannot be understood says of which call", async (t) => {
  const sdk = init(await platform(t, (_, response) => response.end("5")));
  const { contractId, privateKey } = contractDetails;
  const options = { contractDetails, userAccessToken, sessionKey: "a-session", contractId, privateKey };
  for (const call of ["readAccounts", "readSession", "readFileList", "getUserStorage", "refreshToken"]) {
    await assert.rejects(sdk[call](options), { name: "TypeValidationError", message: new RegExp(`\\(${call}\\)$`) });
  }
});

test("what the JavaScript SDK leaves out of an address because it is false is left out", async (t) => {
  const sdk = init(
    await platform(t, (request, response) => {
      request.resume();
      if (request.url === "/jwks") return response.end(JSON.stringify(jwks));
      assert.notEqual(request.url, "/reference");
      const token = aTokenOf({ preauthorization_code: "a-code", reference_code: "a-code" }, request);
      return response.end(JSON.stringify({ token }));
    }),
  );
  const options = {
    contractDetails,
    userAccessToken,
    callback: "https://example.org/",
    state: "",
    serviceId: 0,
    sampleData: { dataSet: "", autoOnboard: false },
    locale: "",
    storageId: "",
    triggerQuery: false,
    includeSampleDataOnlySources: false,
  };
  for (const call of ["getAuthorizeUrl", "getOnboardServiceUrl"]) {
    const { url } = await sdk[call](options);
    const names = [...new URL(url).searchParams.keys()];
    assert.deepEqual(names, ["code", "sourceType", "includeSampleDataOnlySources", "triggerQuery"]);
  }
});

test("where nothing is given, the error says so, and null is called null", async () => {
  const wrong = (path, got) => ({
    name: "TypeValidationError",
    path,
    message: new RegExp(`expected an object, got ${got}$`),
  });
  for (const make of [init, initPkb]) {
    assert.throws(() => make(), wrong("config", "undefined"));
    assert.throws(() => make(null), wrong("config", "null"));
  }
  await assert.rejects(pushData(), wrong("options", "undefined"));
  await assert.rejects(pushData(null), wrong("options", "null"));
});
