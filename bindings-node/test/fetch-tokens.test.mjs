/** What is good once, by a transport of the application's own: it is spent once, and its outcome is not lost. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import { patientsKnowBest } from "./sandbox.mjs";

let place;
before(async (t) => {
  place = await patientsKnowBest(t);
});

test("a link is made, refreshed and used over `fetch`, and tokens are spent in streams", async () => {
  const kinds = [];
  const counting = (url, init) => {
    if (url.endsWith("/apiToken.action")) kinds.push([init.body.constructor.name, init.headers["content-length"] > 0]);
    return fetch(url, init);
  };
  const { pkb, appUserId } = await place.linked({ fetch: counting });
  await place.control("pkb/expire-access-tokens");
  const { refreshes, reuses } = await place.tally();
  await Promise.all([1, 2, 3].map(() => pkb.getCurrentUser({ appUserId })));
  assert.deepEqual(await place.tally(), { ...(await place.tally()), refreshes: refreshes + 1, reuses });
  assert.deepEqual(kinds, [
    ["ReadableStream", true],
    ["ReadableStream", true],
  ]);
});

test("a refresh that `fetch` could not begin has spent nothing, and one that was sent may have", async () => {
  let failing = false;
  const flaky = async (url, init) => {
    if (!failing || !url.endsWith("/apiToken.action")) return fetch(url, init);
    if (failing === "late") await text(init.body);
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
  };
  for (const [when, sent, status] of [
    ["early", "nothing", "active"],
    ["late", "maybe", "uncertain"],
  ]) {
    failing = false;
    const { pkb, appUserId } = await place.linked({ fetch: flaky });
    await place.control("pkb/expire-access-tokens");
    failing = when;
    await assert.rejects(pkb.getCurrentUser({ appUserId }), { code: "ECONNREFUSED", sent });
    assert.equal((await pkb.getLink({ appUserId })).status, status);
  }
});

test("a new pair is stored when every byte of its answer has come, whatever becomes of the stream then", async () => {
  for (const end of [() => {}, (controller) => controller.error(new TypeError("terminated"))]) {
    let odd = false;
    const endless = async (url, init) => {
      const response = await fetch(url, init);
      if (!odd || !url.endsWith("/apiToken.action")) return response;
      assert.equal(init.headers["accept-encoding"], "identity");
      const whole = new Uint8Array(await response.arrayBuffer());
      assert.equal(response.headers.get("content-length"), String(whole.length));
      const steps = [(controller) => controller.enqueue(whole), end];
      const source = { pull: (controller) => steps.shift()?.(controller) };
      return new Response(new ReadableStream(source, { highWaterMark: 0 }), { headers: response.headers });
    };
    const { pkb, appUserId } = await place.linked({ fetch: endless, timeouts: { idle: 5000 } });
    await place.control("pkb/expire-access-tokens");
    const { refreshes, reuses } = await place.tally();
    odd = true;
    await pkb.getCurrentUser({ appUserId });
    const after = await place.tally();
    assert.deepEqual([after.refreshes, after.reuses], [refreshes + 1, reuses]);
    assert.equal((await pkb.getLink({ appUserId })).status, "active");
  }
});

test("the new pair of a call that is aborted comes by `fetch` all the same", { timeout: 30_000 }, async () => {
  const controller = new AbortController();
  let answered;
  const slow = async (url, init) => {
    if (!answered || !url.endsWith("/apiToken.action")) return fetch(url, init);
    controller.abort(new Error("the person went away"));
    const response = await fetch(url, init);
    answered.resolve();
    return response;
  };
  const { pkb, appUserId } = await place.linked({ fetch: slow });
  await place.control("pkb/expire-access-tokens");
  const { refreshes, reuses } = await place.tally();
  answered = {};
  answered.promise = new Promise((resolve) => {
    answered.resolve = resolve;
  });
  await assert.rejects(pkb.getCurrentUser({ appUserId, signal: controller.signal }), /went away/);
  await answered.promise;
  await pkb.getCurrentUser({ appUserId });
  const after = await place.tally();
  assert.deepEqual([after.refreshes, after.reuses], [refreshes + 1, reuses]);
  assert.deepEqual(await pkb.close(), { finished: true });
});

test("Node's own `fetch` asks for what is good once when it is connected: where nobody listens, nothing is spent", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address();
  await new Promise((closed) => gone.close(closed));
  let isAway = false;
  const leading = (url, init) => {
    const isRefresh = isAway && url.endsWith("/apiToken.action");
    return fetch(isRefresh ? `http://127.0.0.1:${port}/apiToken.action` : url, init);
  };
  const { pkb, appUserId } = await place.linked({ fetch: leading });
  await place.control("pkb/expire-access-tokens");
  isAway = true;
  await assert.rejects(pkb.getCurrentUser({ appUserId }), { code: "ECONNREFUSED", sent: "nothing" });
  assert.equal((await pkb.getLink({ appUserId })).status, "active");
  isAway = false;
  await pkb.getCurrentUser({ appUserId });
});
