/** That a new pair of tokens is stored whatever happens to the call that brought it, and what the application learns of tokens. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { LinkExpiredError } from "../dist/index.js";
import { patientsKnowBest } from "./sandbox.mjs";
import { SimpleStore } from "./stores.mjs";

const TOKEN_ROUTE = "POST /apiToken.action";

let place;
before(async (t) => {
  place = await patientsKnowBest(t);
});

/** A link whose access token has expired, and what PKB has counted until then. */
async function expired(more) {
  const linked = await place.linked(more);
  await place.control("pkb/expire-access-tokens");
  return { ...linked, ...(await place.tally()) };
}

/** Waits until PKB has answered this many refreshes, its answer being on its way. */
async function refreshed(times) {
  while ((await place.tally()).refreshes < times);
}

/** The store that says when it writes a link. */
class TellingStore extends SimpleStore {
  events = new EventEmitter();

  putLink(change) {
    const answer = super.putLink(change);
    this.events.emit("put", change.link);
    return answer;
  }
}

test("an aborted call is rejected at once, and the new pair that is on its way to it is stored", {
  timeout: 30_000,
}, async () => {
  const store = new TellingStore();
  const { pkb, appUserId, refreshes, reuses } = await expired({ store });
  await place.control("faults", { route: TOKEN_ROUTE, fault: { delayAnswerMs: 500 }, count: 1 });
  const controller = new AbortController();
  const call = pkb.getCurrentUser({ appUserId, signal: controller.signal });
  await refreshed(refreshes + 1);
  const { sealed } = store.links.values().next().value;
  const stored = once(store.events, "put");
  controller.abort(new Error("the person went away"));
  await assert.rejects(call, { message: "the person went away" });
  assert.equal(store.links.values().next().value.sealed, sealed);
  await stored;

  const { lastName } = await place.init({ store }).getCurrentUser({ appUserId });
  assert.equal(lastName, "Barton");
  const after = await place.tally();
  assert.deepEqual([after.refreshes, after.reuses], [refreshes + 1, reuses]);
});

test("so is the pair when a store that answers late is at work already", { timeout: 30_000 }, async () => {
  const controller = new AbortController();
  class AbortingStore extends SimpleStore {
    async putLink(change) {
      controller.abort();
      await new Promise(setImmediate);
      return super.putLink(change);
    }
  }
  const store = new SimpleStore();
  const { appUserId, refreshes } = await expired({ store });
  const aborting = Object.assign(new AbortingStore(), { links: store.links, attempts: store.attempts });
  const call = place.init({ store: aborting }).getCurrentUser({ appUserId, signal: controller.signal });
  await assert.rejects(call, { name: "AbortError" });
  await refreshed(refreshes + 1);
  const { lastName } = await place.init({ store }).getCurrentUser({ appUserId });
  assert.equal(lastName, "Barton");
  assert.equal((await place.tally()).refreshes, refreshes + 1);
});

test("a process that has nothing else to do ends when the pair is stored", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const store = join(folder, "links.db");
  const { appUserId, refreshes, reuses } = await expired({ store });
  await place.control("faults", { route: TOKEN_ROUTE, fault: { delayAnswerMs: 500 }, count: 1 });
  const application = `
    import { initPkb } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    const { config, appUserId, tally, refreshes } = JSON.parse(process.env.APPLICATION);
    const controller = new AbortController();
    const call = initPkb(config).getCurrentUser({ appUserId, signal: controller.signal });
    while ((await (await fetch(tally)).json()).refreshes < refreshes);
    controller.abort();
    await call.catch(({ name }) => console.log(name));
  `;
  const told = {
    config: { ...place.config, store },
    appUserId,
    tally: new URL("/_sandbox/pkb/tally", place.baseUrl),
    refreshes: refreshes + 1,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", application], {
    encoding: "utf8",
    env: { ...process.env, APPLICATION: JSON.stringify(told) },
  });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "AbortError\n", stderr: "" });
  const { lastName } = await place.init({ store }).getCurrentUser({ appUserId });
  assert.equal(lastName, "Barton");
  const after = await place.tally();
  assert.deepEqual([after.refreshes, after.reuses], [refreshes + 1, reuses]);
});

test("the application learns of new tokens once they are stored, with its configuration as this", async () => {
  const store = new SimpleStore();
  const told = [];
  const config = {
    store,
    told,
    async onTokensChanged(changed) {
      const [{ lease, sealed }] = store.links.values();
      this.told.push({ ...changed, lease, sealed });
    },
  };
  const { pkb, appUserId, publicId } = await expired(config);
  const [before] = store.links.values();
  await pkb.getCurrentUser({ appUserId });
  const [{ accessTokenExpiresAt, sealed, ...rest }, ...others] = told;
  assert.deepEqual(others, []);
  assert.deepEqual(rest, { appUserId, publicId, lease: null });
  assert.ok(accessTokenExpiresAt > Date.now());
  assert.notEqual(sealed, before.sealed);
});

test("the application learns of a link that is over, and each call says so", async () => {
  const told = [];
  const { pkb, appUserId, publicId } = await place.linked({ onLinkExpired: (link) => told.push(link) });
  await place.control("pkb/expire-sessions");
  for (const reason of ["API_SESSION_EXPIRED", "API_SESSION_EXPIRED"]) {
    const failure = await pkb.getCurrentUser({ appUserId }).catch((error) => error);
    assert.ok(failure instanceof LinkExpiredError);
    assert.equal(failure.reason, reason);
  }
  assert.deepEqual(
    told.map(({ status, ...link }) => [status, link.appUserId, link.publicId]),
    [["expired", appUserId, publicId]],
  );
});

test("what a function of the application throws reaches every call that needs what it did, as the very same error", async () => {
  const mine = new RangeError("my queue is full");
  const onTokensChanged = () => {
    throw mine;
  };
  const { pkb, appUserId } = await expired({ onTokensChanged });
  await place.control("faults", { route: TOKEN_ROUTE, fault: { delayAnswerMs: 500 }, count: 1 });
  const calls = [1, 2, 3].map(() => pkb.getCurrentUser({ appUserId }));
  for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason, mine);
  assert.equal((await pkb.getCurrentUser({ appUserId })).lastName, "Barton");
});

test("what a store throws reaches the call as the very same error", async () => {
  let fail;
  const { getLink } = place.init({ store: Object.assign(new SimpleStore(), { getLink: () => fail() }) });
  for (const mine of [new Error("the disk is full"), new Error("the disk is gone"), undefined]) {
    const fails = [
      () => {
        throw mine;
      },
      () => Promise.reject(mine),
    ];
    for (fail of fails) await assert.rejects(getLink({ appUserId: "user-1" }), (error) => error === mine);
  }
  fail = () => undefined;
  assert.equal(await getLink({ appUserId: "user-1" }), undefined);
});

test("a store that fails to write a new pair is asked again", async () => {
  let failures = 0;
  class FailingStore extends SimpleStore {
    putLink(change) {
      // The lease of a refresh is written before the pair.
      if (change.link.lease === null && change.expectedVersion > 1 && failures < 2) {
        failures += 1;
        throw new Error("the database is restarting");
      }
      return super.putLink(change);
    }
  }
  const { pkb, appUserId, refreshes } = await expired({ store: new FailingStore() });
  assert.equal((await pkb.getCurrentUser({ appUserId })).lastName, "Barton");
  assert.equal(failures, 2);
  assert.equal((await place.tally()).refreshes, refreshes + 1);
});

test("a store that answers what is no record is a StoreError that quotes nothing of it", async () => {
  const answer = { publicId: "somebody's", sealed: "a secret", version: "many" };
  const store = Object.assign(new SimpleStore(), { getLink: () => answer });
  const failure = await place
    .init({ store })
    .getLink({ appUserId: "user-1" })
    .catch((error) => error);
  assert.equal(failure.name, "StoreError");
  assert.match(failure.message, /config\.store\.getLink/);
  assert.doesNotMatch(failure.message, /somebody|secret|many/);
});
