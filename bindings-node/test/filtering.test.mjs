/** That of a store of one's own those links are asked for that are wanted, where it can choose them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { initPkb } from "../dist/index.js";
import { SimpleStore } from "./stores.mjs";

/** Nothing is asked of PKB here. */
const configuration = {
  clientId: "an-app",
  clientSecret: "a-secret",
  redirectUri: "http://127.0.0.1/return",
  environment: "sandbox",
  encryptionKey: "07".repeat(32),
};

function linked(number) {
  const tokens = { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, expiresAt: 4_102_444_800_000 };
  return { appUserId: `user-${number}`, publicId: `public-${number}`, tokens };
}

test("of a store that filters by itself only those are asked for that are wanted, and of another all", async () => {
  class Store extends SimpleStore {
    asked = { listLinks: 0, filterLinks: 0 };

    listLinks(asked) {
      this.asked.listLinks += 1;
      return super.listLinks(asked);
    }
  }
  class Filtering extends Store {
    filterLinks({ platform, filter, after, limit }) {
      this.asked.filterLinks += 1;
      assert.deepEqual(filter, { status: "active", refreshedBefore });
      return super.all(platform).filter(({ appUserId }) => appUserId === "user-7" && appUserId > after && limit > 0);
    }
  }
  class Eight extends Store {
    filterLinks = undefined;
  }
  const refreshedBefore = Date.now() + 60_000;
  for (const [store, count, asked] of [
    [new Filtering(), 1, { listLinks: 0, filterLinks: 2 }],
    [new Eight(), 250, { listLinks: 4, filterLinks: 0 }],
  ]) {
    const pkb = initPkb({ ...configuration, store });
    await pkb.importLinks({ links: Array.from({ length: 250 }, (_, number) => linked(number)) });
    const listed = [];
    for await (const { appUserId } of pkb.listLinks({ status: "active", refreshedBefore })) listed.push(appUserId);
    assert.equal(listed.length, count);
    assert.deepEqual(store.asked, asked);
  }
});

test("a record that a filter of a store's should not have let through is a StoreError", async () => {
  class Store extends SimpleStore {
    filterLinks({ filter, ...asked }) {
      return super.listLinks(asked);
    }
  }
  const pkb = initPkb({ ...configuration, store: new Store() });
  await pkb.importLinks({ links: [linked(1)] });
  const listed = pkb.listLinks({ status: "expired" })[Symbol.asyncIterator]();
  await assert.rejects(listed.next(), (error) => error.name === "StoreError" && error.message.includes("filterLinks"));
});
