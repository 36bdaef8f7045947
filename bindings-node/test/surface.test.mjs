/** That applications find the SDK where and in the form they expect it. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import * as sdk from "../dist/index.js";
import { contractDetails, platform, userAccessToken } from "./platform.mjs";
import { PLATFORMS } from "./printed.mjs";

const require = createRequire(import.meta.url);

test("an ES module imports by name what a CommonJS module requires", () => {
  assert.equal(sdk.init, require("../dist/index.js").init);
  for (const [name, value] of Object.entries(require("../dist/index.js"))) assert.equal(sdk[name], value, name);
});

test("init gives an object of functions: the 29 calls of the JavaScript SDK, readFileStream, checkProviderData, close, and 10 about connections", () => {
  const calls = Object.entries(sdk.init({ applicationId: "an-application" }));
  assert.equal(calls.length, 44);
  for (const [name, call] of calls) assert.equal(typeof call, "function", name);
});

test("initPkb gives an object of functions, one for each call", () => {
  const config = { clientId: "a-client", redirectUri: "myapp://linked", environment: "production" };
  const calls = Object.entries(sdk.initPkb(config));
  assert.equal(calls.length, 36);
  for (const [name, call] of calls) assert.equal(typeof call, "function", name);
});

test("every call has types of its name for its options and its response", () => {
  const printed = (name) => readFileSync(new URL(`../dist/generated/${name}.d.ts`, import.meta.url), "utf8");
  const types = printed("types") + printed("data");
  for (const name of Object.values(PLATFORMS).flatMap(({ calls }) => Object.keys(calls))) {
    const call = name.charAt(0).toUpperCase() + name.slice(1);
    for (const type of [`${call}Options`, `${call}Response`]) {
      assert.match(types, new RegExp(`^export (interface|type) ${type}\\b`, "m"));
    }
  }
});

test("init throws at once when the configuration is wrong", () => {
  for (const [config, path] of [
    [{}, "config.applicationId"],
    [{ applicationId: "" }, "config.applicationId"],
    [undefined, "config"],
    [{ applicationId: "an-application", retryOptions: { limit: "two" } }, "config.retryOptions.limit"],
    [{ applicationId: "an-application", retryOptions: { limit: Symbol("two") } }, "config.retryOptions.limit"],
  ]) {
    assert.throws(() => sdk.init(config), { name: "TypeValidationError", code: "ERR_TYPE_VALIDATION", path });
  }
});

test("a call works when it is taken out of the object", async (t) => {
  const config = await platform(t, (_, response) => response.end("[]"));
  const { readAccounts } = sdk.init(config);
  assert.deepEqual((await readAccounts({ contractDetails, userAccessToken })).accounts, []);
});

test("calls work in several worker threads at once, also when one is ended in the middle of a call", async (t) => {
  const config = await platform(t, (_, response) => response.end("[]"));
  const silent = await platform(t, () => {});
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { init } = require(workerData.sdk);
    const { readAccounts } = init(workerData.config);
    parentPort.postMessage("ready");
    readAccounts(workerData.options).then(({ accounts }) => parentPort.postMessage(accounts));
  `;
  const start = (config) => {
    const workerData = {
      sdk: require.resolve("../dist/index.js"),
      config,
      options: { contractDetails, userAccessToken },
    };
    return new Worker(source, { eval: true, workerData });
  };
  const interrupted = start(silent);
  await once(interrupted, "message");
  const workers = [start(config), start(config)];
  const ends = workers.map(async (worker) => {
    const messages = [];
    worker.on("message", (message) => messages.push(message));
    const [code] = await once(worker, "exit");
    return { code, messages };
  });
  await interrupted.terminate();
  for (const end of await Promise.all(ends)) assert.deepEqual(end, { code: 0, messages: ["ready", []] });
});
