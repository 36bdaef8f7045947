/** A transport of the application's own: `fetch` carries what the SDK signs, repeats, refreshes and decrypts, and is held to its standard. */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { init, initPkb } from "../dist/index.js";
import { aPushOf, bodyOf, contractDetails, expiring, platform, userAccessToken } from "./platform.mjs";
import { list, reading, sealed, session } from "./session.mjs";

const options = { contractDetails, userAccessToken };
const nowhere = { applicationId: "an-application", baseUrl: "http://platform.invalid/", retryOptions: { limit: 0 } };
const json = (body, more = {}) => new Response(JSON.stringify(body), more);

/** The SDK over this `fetch`, with a platform that is nowhere. */
const over = (fetch, more = {}) => init({ ...nowhere, fetch, ...more });

test("a request is signed by the SDK and carried by `fetch`, which follows no redirect", async () => {
  const asked = [];
  const fetch = async (...given) => {
    asked.push(given);
    return json([{ id: "an-account" }]);
  };
  const { accounts } = await over(fetch).readAccounts(options);
  assert.deepEqual(accounts, [{ id: "an-account" }]);
  const [[url, init]] = asked;
  assert.equal(url, "http://platform.invalid/permission-access/accounts");
  assert.match(init.headers.authorization, /^Bearer ey/);
  assert.equal(init.headers["accept-encoding"], "gzip");
  assert.equal(init.redirect, "manual");
  assert.equal(init.method, "GET");
  assert.ok(!("body" in init));
});

test("a redirect is an answer, also where the standard lets nobody see which", async () => {
  for (const [answer, status] of [
    [new Response(null, { status: 307, headers: { location: "http://elsewhere.invalid/" } }), 307],
    [{ status: 0, type: "opaqueredirect", headers: new Headers(), body: null }, 302],
  ]) {
    const call = over(async () => answer).readAccounts(options);
    await assert.rejects(call, ({ name, response }) => name === "HTTPError" && response.statusCode === status);
  }
});

test("a body is text where it is text, bytes where it is short, and else a stream, with its length where that is known", async () => {
  const asked = [];
  const fetch = async (_, { body, duplex, headers, redirect }) => {
    // With `manual`, undici would keep what has left of a stream.
    assert.equal(redirect, duplex ? "error" : "manual");
    const length = headers["content-length"];
    const read = body instanceof ReadableStream ? (await new Response(body).arrayBuffer()).byteLength : body.length;
    asked.push({ kind: body.constructor.name, duplex, length, read });
    return json({ session: { key: "a-session", expiry: 1 } });
  };
  const sdk = over(fetch);
  await sdk.readSession({ ...options });
  await sdk.pushData(aPushOf(Buffer.alloc(10)));
  await sdk.pushData(aPushOf(randomBytes(1_000_000)));
  await sdk.pushData(aPushOf(Readable.from([Buffer.alloc(10), Buffer.alloc(100_000)])));
  const [text, short, long, stream] = asked;
  assert.equal(text.kind, "String");
  assert.deepEqual([short.kind, short.duplex, short.length], ["Uint8Array", undefined, undefined]);
  assert.deepEqual([long.kind, long.duplex, long.length], ["ReadableStream", "half", String(long.read)]);
  assert.ok(long.read >= 1_000_000, String(long.read));
  assert.deepEqual([stream.kind, stream.duplex, stream.length], ["ReadableStream", "half", undefined]);
});

test("a stream is pushed over Node's own fetch as it is read, and once more when its token has expired", async (t) => {
  const stored = [];
  const config = await platform(t, expiring(stored));
  const source = Readable.from([Buffer.from("a"), Buffer.alloc(300_000, "b")]);
  const tokens = [];
  const onAccessTokenChange = ({ accessToken }) => tokens.push(accessToken.value);
  await init({ ...config, fetch }).pushData(aPushOf(source, { onAccessTokenChange }));
  assert.deepEqual(tokens, ["second-access-token"]);
  assert.equal(stored.length, 1);
});

test("what a stream of the application fails with is what the push fails with, and nothing whole is sent", async (t) => {
  const bodies = [];
  const config = await platform(t, (request, response) => {
    bodyOf(request).then(
      (body) => response.end(String(bodies.push(body))),
      () => bodies.push("broken"),
    );
  });
  async function* broken() {
    yield Buffer.alloc(3_000_000);
    throw new RangeError("the disk is gone");
  }
  await assert.rejects(init({ ...config, fetch }).pushData(aPushOf(broken())), RangeError);
  while (bodies.length === 0) await new Promise(setImmediate);
  assert.deepEqual(bodies, ["broken"]);
});

test("files are read over `fetch`, all at once, while the application is at work on one", async (t) => {
  const contents = { "a.json": Buffer.from("[1]"), "b.json": Buffer.from("[2]") };
  const config = await platform(t, session([list("completed", ["a.json", "b.json"])], contents));
  const asked = new Set();
  const counting = (url, init) => {
    asked.add(url.split("/").at(-1));
    return fetch(url, init);
  };
  const read = [];
  const { filePromise } = init({ ...config, fetch: counting }).readAllFiles({
    ...reading,
    onFileData: async ({ fileName, fileData }) => {
      while (!asked.has("a.json") || !asked.has("b.json")) await new Promise(setImmediate);
      read.push([fileName, String(fileData)]);
    },
  });
  await filePromise;
  assert.deepEqual(read.sort(), [
    ["a.json", "[1]"],
    ["b.json", "[2]"],
  ]);
});

test("a file that is read as a stream comes also when the call for it is over", async (t) => {
  const content = Buffer.alloc(3_000_000, "x");
  const config = await platform(t, (_, response) => response.end(sealed(content)));
  const { body } = await init({ ...config, cloudBaseUrl: config.baseUrl, fetch }).downloadStorageFile({
    contractDetails,
    storageId: "a-storage",
    path: "/a",
  });
  assert.deepEqual(Buffer.from(await new Response(body).arrayBuffer()), content);
});

test("a file of which the end is missing is an error, whatever `fetch` takes for it", async () => {
  const whole = sealed(Buffer.alloc(1000));
  const headers = { "content-length": String(whole.length) };
  const sdk = over(async () => new Response(whole.subarray(0, 512), { headers }), { cloudBaseUrl: nowhere.baseUrl });
  const { body } = await sdk.downloadStorageFile({ contractDetails, storageId: "a-storage", path: "/a" });
  await assert.rejects(text(body), { name: "TransportError", code: "ECONNRESET" });
});

test("what was compressed on its way is read once it was decoded", async (t) => {
  const config = await platform(t, (_, response) => {
    const body = gzipSync(JSON.stringify([{ id: "a" }]));
    response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length }).end(body);
  });
  assert.deepEqual((await init({ ...config, fetch }).readAccounts(options)).accounts, [{ id: "a" }]);
});

test("a body may be any async iterable of bytes, and that of a response of before there were streams", async () => {
  const part = (body) => ({ status: 200, headers: new Headers(), ...body });
  for (const answer of [
    part({ body: Readable.from([Buffer.from("["), Buffer.from("]")]) }),
    part({ arrayBuffer: async () => new TextEncoder().encode("[]").buffer }),
    part({ body: new Blob(["[]"]).stream() }),
  ]) {
    assert.deepEqual((await over(async () => answer).readAccounts(options)).accounts, []);
  }
});

test("what the network reports has Node's name, and what `fetch` has thrown is the cause of that", async () => {
  const caused = (code) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error("said by undici"), { code }) });
  for (const [thrown, code] of [
    [caused("ECONNREFUSED"), "ECONNREFUSED"],
    [caused("UND_ERR_SOCKET"), "ECONNRESET"],
    [caused("UND_ERR_CONNECT_TIMEOUT"), "ETIMEDOUT"],
    [caused("DEPTH_ZERO_SELF_SIGNED_CERT"), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    [caused("CERT_HAS_EXPIRED"), "CERT_HAS_EXPIRED"],
    [caused("ERR_TLS_CERT_ALTNAME_INVALID"), "ERR_TLS_CERT_ALTNAME_INVALID"],
    [caused("HPE_INVALID_CONSTANT"), "EPROTO"],
    [new AggregateError([Object.assign(new Error("first"), { code: "EHOSTUNREACH" })]), "ENETUNREACH"],
    [new DOMException("late", "TimeoutError"), "ETIMEDOUT"],
    [new Error("of the application's own"), "EUNKNOWN"],
    ["not even an error", "EUNKNOWN"],
  ]) {
    for (const fetch of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      await assert.rejects(over(fetch).readAccounts(options), (error) => {
        assert.equal(error.name, "TransportError");
        assert.equal(error.code, code);
        assert.equal(error.sent, "maybe");
        assert.match(error.message, /^GET permission-access\/accounts: config\.fetch failed/);
        assert.equal(error.cause.code, code);
        assert.equal(error.cause.cause, thrown);
        return true;
      });
    }
  }
});

test("a GET whose answer breaks off is made again", async () => {
  let times = 0;
  const fetch = async () => {
    times += 1;
    if (times > 1) return json([]);
    const breaking = async function* () {
      yield Buffer.from("[");
      throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
    };
    return { status: 200, headers: new Headers(), body: breaking() };
  };
  const sdk = over(fetch, { retryOptions: { limit: 1, calculateDelay: () => 1 } });
  assert.deepEqual((await sdk.readAccounts(options)).accounts, []);
});

test("a `fetch` that does not keep to its standard is named, and what it gives is never taken for an answer", async () => {
  const head = { status: 200, headers: new Headers() };
  const used = json([]);
  await used.text();
  const locked = json([]);
  locked.body.getReader();
  for (const [answer, named] of [
    [undefined, /resolved to undefined in place of a response/],
    [null, /resolved to null/],
    ["[]", /resolved to string/],
    [{ ...head, status: undefined, body: null }, /without a status/],
    [{ ...head, status: "200", body: null }, /without a status/],
    [Response.error(), /without a status/],
    [{ ...head, status: 200n, body: null }, /without a status/],
    [{ status: 200, body: null }, /without headers/],
    [{ ...head, headers: { a: "b" }, body: null }, /without headers/],
    [head, /without a body that can be read/],
    [{ ...head, json: async () => [] }, /without a body that can be read/],
    [{ ...head, body: "[]" }, /without a body that can be read/],
    [used, /a body that somebody else has read/],
    [locked, /a body that somebody else has read/],
    [{ ...head, body: Readable.from(["[]"]) }, /a chunk is no bytes/],
    [{ ...head, headers: new Map([["x", "a\nb"]]), body: null }, /a header that is none/],
  ]) {
    const call = over(async () => answer).readAccounts(options);
    await assert.rejects(call, (error) => {
      assert.equal(error.name, "TransportError");
      assert.equal(error.code, "EPROTO");
      assert.match(error.message, /config\.fetch/);
      assert.match(error.message, named);
      return true;
    });
  }
});

test("whatever `fetch` rejects with, the call fails as one of the network, and nothing else does", async () => {
  const unreadable = () => assert.fail("mine");
  for (const error of [
    undefined,
    "a text",
    Object.freeze({ code: 5 }),
    Object.defineProperty({}, "code", { get: unreadable }),
    new Proxy({}, { get: unreadable, getPrototypeOf: unreadable, has: unreadable }),
    { errors: new Proxy([], { get: unreadable }) },
  ]) {
    const call = over(() => Promise.reject(error)).readAccounts(options);
    await assert.rejects(call, { name: "TransportError", code: "EUNKNOWN" });
  }
});

test("chunks without a byte are silence", async () => {
  const source = {
    pull: async (controller) => {
      await turn();
      controller.enqueue(new Uint8Array());
    },
  };
  const sdk = over(async () => new Response(new ReadableStream(source)), { timeouts: { idle: 300 } });
  await assert.rejects(sdk.readAccounts(options), { name: "TimeoutError" });
});

test("a `fetch` that knows no web streams sends nothing in place of one", async () => {
  const sent = [];
  const old = async (_, { body }) => {
    sent.push(String(body));
    return json({});
  };
  await assert.rejects(over(old).pushData(aPushOf(Readable.from(["a"]))), ({ cause }) =>
    /a web stream, which this fetch does not send/.test(cause.cause.message),
  );
  assert.deepEqual(sent, []);
});

test("a `fetch` that takes no notice of a stream and answers with success has not sent it", async () => {
  await assert.rejects(over(async () => json({})).pushData(aPushOf(Readable.from(["a"]))), {
    name: "TransportError",
    sent: "maybe",
  });
});

test("time-outs strike whatever `fetch` does, and abort it", async () => {
  for (const silent of ["at once", "in its body"]) {
    for (const phase of ["idle", "total", "call"]) {
      let signal;
      const fetch = (_, init) => {
        ({ signal } = init);
        if (silent === "at once") return new Promise(() => {});
        return { status: 200, headers: new Headers(), body: new ReadableStream({ pull: () => new Promise(() => {}) }) };
      };
      const call = over(fetch, { timeouts: { [phase]: 500 } }).readAccounts(options);
      await assert.rejects(call, { name: "TimeoutError", phase });
      while (!signal.aborted) await new Promise(setImmediate);
    }
  }
});

test("a call that is aborted aborts `fetch`", async () => {
  let fetched;
  const signal = new Promise((resolve) => {
    fetched = resolve;
  });
  const fetch = (_, init) => {
    fetched(init.signal);
    return new Promise(() => {});
  };
  const controller = new AbortController();
  const call = over(fetch).readAccounts({ ...options, signal: controller.signal });
  const given = await signal;
  controller.abort(new Error("the person went away"));
  await assert.rejects(call, { message: "the person went away" });
  while (!given.aborted) await new Promise(setImmediate);
});

test("`fetch` is called where its call was made, as tracing has it", async () => {
  const here = new AsyncLocalStorage();
  const seen = [];
  const sdk = over(async () => {
    seen.push(here.getStore());
    return json([]);
  });
  await Promise.all(["one", "two"].map((name) => here.run(name, () => sdk.readAccounts(options))));
  assert.deepEqual(seen.sort(), ["one", "two"]);
});

test("what is told of requests is told of those that `fetch` carries", async () => {
  const told = [];
  const sdk = over(async () => json([]), { onEvent: ({ type }) => told.push(type) });
  await sdk.readAccounts(options);
  await new Promise(setImmediate);
  assert.deepEqual(told, ["callStarted", "requestStarted", "requestSent", "requestAnswered", "callEnded"]);
});

test("what makes connections is refused beside `fetch` by its name, and so is what is no function", () => {
  const pkb = { clientId: "c", redirectUri: "https://app.example/linked", environment: "sandbox" };
  for (const [path, odd] of [
    ["config.ca", { ca: "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n", fetch }],
    ["config.clientCertificate", { clientCertificate: { cert: "x", key: "y" }, fetch }],
    ["config.proxy", { proxy: false, fetch }],
    ["config.proxy", { proxy: "http://proxy.example", fetch }],
    ["config.fetch", { fetch: "fetch" }],
    ["config.fetch", { fetch: {} }],
    ["config.fetsh", { fetsh: fetch }],
  ]) {
    const refusal = { name: "TypeValidationError", path };
    assert.throws(() => init({ applicationId: "a", ...odd }), refusal);
    assert.throws(() => initPkb({ ...pkb, ...odd }), refusal);
  }
});

test("a process with a client that has a `fetch` ends by itself", async () => {
  const program = `
    import { init } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    const fetch = async () => new Response("[]");
    const sdk = init({ ...JSON.parse(process.env.CONFIG), fetch });
    await sdk.readAccounts(JSON.parse(process.env.GIVEN));
    console.log("read");`;
  const env = { ...process.env, CONFIG: JSON.stringify(nowhere), GIVEN: JSON.stringify(options) };
  const run = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { env, timeout: 20_000 });
  assert.equal(String(run.stdout), "read\n", String(run.stderr));
  assert.equal(run.status, 0);
});
