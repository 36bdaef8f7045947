/** That links are kept alike by every kind of store: the SDK's own, and those of applications. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { LinkConflictError, LinkStateError, NotLinkedError } from "../dist/index.js";
import { patientsKnowBest } from "./sandbox.mjs";
import { LateStore, SimpleStore } from "./stores.mjs";

let place;
before(async (t) => {
  place = await patientsKnowBest(t);
});

const KINDS = {
  "a file of SQLite's": (t) => {
    const folder = mkdtempSync(join(tmpdir(), "links-"));
    t.after(() => rmSync(folder, { recursive: true }));
    return join(folder, "links.db");
  },
  "a store of one's own that answers at once": () => new SimpleStore(),
  "a store of one's own that answers later": () => new LateStore(),
};

for (const [kind, make] of Object.entries(KINDS)) {
  const sentence = (words, run) => test(`${kind}: ${words}`, (t) => run(make(t)));

  sentence("a link outlasts the SDK that made it", async (store) => {
    const { appUserId, publicId } = await place.linked({ store });
    const pkb = place.init({ store });
    assert.equal(await pkb.getPublicId({ appUserId }), publicId);
    assert.equal((await pkb.getCurrentUser({ appUserId })).firstName, "Bobby");
    const [link, ...others] = await pkb.findLinks({ publicId });
    assert.deepEqual(others, []);
    assert.deepEqual(link, await pkb.getLink({ appUserId }));
  });

  sentence("a link is begun by one process and completed by another, once", async (store) => {
    const appUserId = "user-1";
    const { url, state } = await place.init({ store }).getLinkUrl({ appUserId, context: { page: 7 } });
    const callbackUrl = await place.decide(url);
    const before = await place.tally();
    const completed = () => place.init({ store }).completeLink({ callbackUrl, appUserId });
    const links = await Promise.all([completed(), completed()]);
    const again = await completed();
    assert.deepEqual(again, { ...(await place.init({ store }).getLink({ appUserId })), context: { page: 7 } });
    for (const { publicId, context } of links) assert.deepEqual([publicId, context], [again.publicId, again.context]);
    assert.equal((await place.tally()).exchanges, before.exchanges + 1);
    const stranger = place.init({ store }).completeLink({ code: "made-up", state, appUserId: "user-2" });
    await assert.rejects(stranger, (error) => error instanceof LinkStateError && error.reason === "mismatch");
  });

  sentence("many callers at once lead to one refresh", async (store) => {
    const { appUserId } = await place.linked({ store });
    await place.control("pkb/expire-access-tokens");
    const before = await place.tally();
    const processes = [place.init({ store }), place.init({ store })];
    const calls = Array.from({ length: 20 }, (_, index) => processes[index % 2].getCurrentUser({ appUserId }));
    for (const { lastName } of await Promise.all(calls)) assert.equal(lastName, "Barton");
    const after = await place.tally();
    assert.equal(after.refreshes, before.refreshes + 1);
    assert.equal(after.reuses, before.reuses);
  });

  sentence("a record is one user's alone, until another may replace them", async (store) => {
    const { pkb } = await place.linked({ store });
    const appUserId = "user-2";
    const { url } = await pkb.getLinkUrl({ appUserId });
    const callbackUrl = await place.decide(url);
    await assert.rejects(
      pkb.completeLink({ callbackUrl, appUserId }),
      (error) => error instanceof LinkConflictError && error.conflict === "publicId",
    );
    const { publicId } = await pkb.completeLink({ callbackUrl, appUserId, onConflict: "replace" });
    assert.equal(await pkb.getLink({ appUserId: "user-1" }), undefined);
    assert.equal(await pkb.getPublicId({ appUserId }), publicId);
  });

  sentence("what is unlinked is gone", async (store) => {
    const { pkb, appUserId, publicId } = await place.linked({ store });
    assert.equal(await pkb.unlink({ appUserId }), undefined);
    await pkb.unlink({ appUserId });
    assert.deepEqual(await pkb.findLinks({ publicId }), []);
    await assert.rejects(pkb.getPublicId({ appUserId }), (error) => error instanceof NotLinkedError);
  });

  sentence("keys are rotated while links stay", async (store) => {
    const { appUserId } = await place.linked({ store });
    const encryptionKey = Buffer.alloc(32, 7).toString("hex");
    const previousEncryptionKeys = [place.config.encryptionKey];
    const rotating = place.init({ store, encryptionKey, previousEncryptionKeys });
    assert.deepEqual(await rotating.rotateKeys(), { links: 1, resealed: 1, failed: [] });
    assert.deepEqual(await rotating.rotateKeys(), { links: 1, resealed: 0, failed: [] });
    const { lastName } = await place.init({ store, encryptionKey }).getCurrentUser({ appUserId });
    assert.equal(lastName, "Barton");
    await assert.rejects(place.init({ store }).getCurrentUser({ appUserId }), {
      name: "StoreError",
      operation: "read",
    });
  });
}

test("no store sees a token", async () => {
  const store = new SimpleStore();
  const { pkb, appUserId } = await place.linked({ store });
  const { accessToken } = await pkb.getAccessToken({ appUserId });
  const everything = JSON.stringify([...store.links, ...store.attempts]);
  assert.doesNotMatch(everything, new RegExp(accessToken));
});
