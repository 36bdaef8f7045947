/** The end of a client, as a deploy brings it: what is under way is done, and nothing begins any more. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ClientClosedError, init } from "../dist/index.js";
import { contractDetails, platform, userAccessToken } from "./platform.mjs";
import { patientsKnowBest } from "./sandbox.mjs";
import { SimpleStore } from "./stores.mjs";

let place;
before(async (t) => {
  place = await patientsKnowBest(t);
});

test("closing waits until the pair of an aborted call is stored and told of", { timeout: 30_000 }, async () => {
  const done = [];
  class LateStore extends SimpleStore {
    async putLink(change) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const written = super.putLink(change);
      done.push("stored");
      return written;
    }
  }
  const store = new LateStore();
  const onTokensChanged = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    done.push("told");
  };
  const { pkb, appUserId } = await place.linked({ store, onTokensChanged });
  await place.control("pkb/expire-access-tokens");
  const { refreshes } = await place.tally();
  await place.control("faults", {
    route: "POST /apiToken.action",
    fault: { delayAnswerMs: 500 },
    count: 1,
  });
  const controller = new AbortController();
  const call = pkb.getCurrentUser({ appUserId, signal: controller.signal });
  while ((await place.tally()).refreshes === refreshes);
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  done.length = 0;
  assert.deepEqual(await pkb.close(), { finished: true });
  assert.deepEqual(done, ["stored", "told"]);
  await assert.rejects(pkb.getCurrentUser({ appUserId }), (error) => {
    return error instanceof ClientClosedError && error.code === "ERR_CLIENT_CLOSED";
  });
});

test("closing waits no longer than it is told", { timeout: 30_000 }, async (t) => {
  const silent = await platform(t, () => {});
  const sdk = init(silent);
  const controller = new AbortController();
  const call = sdk.readAccounts({ contractDetails, userAccessToken, signal: controller.signal });
  // It has begun when this has come back.
  await sdk.exchangeCodeForToken({}).catch(() => {});
  assert.deepEqual(await sdk.close({ timeout: 50 }), { finished: false });
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  assert.deepEqual(await sdk.close(), { finished: true });
});

test("a client is closed where it is disposed of, which no loop over its calls shows", async (t) => {
  const config = await platform(t, (_, response) => response.end("[]"));
  const sdk = init(config);
  assert.ok(!Object.keys(sdk).includes("dispose"));
  await sdk[Symbol.asyncDispose]();
  await assert.rejects(sdk.readAccounts({ contractDetails, userAccessToken }), { name: "ClientClosedError" });
});

test("a list that was begun and left does not keep the client open, and gives nothing more", {
  timeout: 30_000,
}, async () => {
  const { pkb } = await place.linked({ store: new SimpleStore() });
  const links = pkb.listLinks({})[Symbol.asyncIterator]();
  assert.equal((await links.next()).done, false);
  assert.deepEqual(await pkb.close({ timeout: 20_000 }), { finished: true });
  await assert.rejects(links.next(), { name: "ClientClosedError" });
});
