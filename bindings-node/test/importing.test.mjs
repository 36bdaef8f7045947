/** That any number of people is brought in, of whom few are in memory at once, and what becomes of what they are taken from. */

import assert from "node:assert/strict";
import { once } from "node:events";
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

function place() {
  const store = new SimpleStore();
  return { store, pkb: initPkb({ ...configuration, store }) };
}

function linked(number) {
  const tokens = { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, expiresAt: 4_102_444_800_000 };
  return { appUserId: `user-${number}`, publicId: `public-${number}`, tokens };
}

function* rows(count, onRow = () => {}, atTheEnd = () => {}) {
  try {
    for (let number = 0; number < count; number++) {
      onRow(number);
      yield linked(number);
    }
  } finally {
    atTheEnd();
  }
}

async function* later(...given) {
  yield* rows(...given);
}

test("a function is none of what can be iterated over, and is not called", async () => {
  const { pkb } = place();
  const links = () => assert.fail("it was called");
  const wrong = { name: "TypeValidationError", path: "options.links", message: /iterated over/ };
  await assert.rejects(pkb.importLinks({ links }), wrong);
});

for (const [kind, given] of Object.entries({ "at once": rows, later })) {
  test(`of what is given ${kind} no more is taken than is written in one step`, async () => {
    const { store, pkb } = place();
    const inStep = (number) => assert.ok(number - store.links.size < 500);
    const done = await pkb.importLinks({ links: given(1234, inStep) });
    assert.deepEqual(done, { imported: 1234, present: 0, refused: [] });
    const again = await pkb.importLinks({ links: given(1235) });
    assert.deepEqual(again, { imported: 1, present: 1234, refused: [] });
  });

  test(`what is thrown by what gives people ${kind} goes through as it is, and who came before stays`, async () => {
    const { store, pkb } = place();
    const lost = new Error("the connection to the old database is lost");
    const links = given(1234, (number) => {
      if (number === 700) throw lost;
    });
    await assert.rejects(pkb.importLinks({ links }), (error) => error === lost);
    assert.equal(store.links.size, 500);
    const done = await pkb.importLinks({ links: given(1234) });
    assert.deepEqual([done.imported, done.present], [734, 500]);
  });

  test(`what gives people ${kind} is left as by a loop where the call fails, with the place of who is unfit`, async () => {
    const { pkb } = place();
    let isLeft = false;
    const leave = () => {
      isLeft = true;
    };
    async function* withOneUnfit() {
      for await (const link of given(1000, undefined, leave))
        yield link.appUserId === "user-623" ? { ...link, publicId: 7 } : link;
    }
    const failed = pkb.importLinks({ links: withOneUnfit() });
    await assert.rejects(failed, { name: "TypeValidationError", path: "options.links[623].publicId" });
    assert.ok(isLeft);
  });
}

test("a signal ends the call while the next person is waited for", async () => {
  const { pkb } = place();
  const ending = new AbortController();
  const asked = new EventTarget();
  async function* silent() {
    yield linked(1);
    asked.dispatchEvent(new Event("asked"));
    await new Promise(() => {});
  }
  const isAsked = once(asked, "asked");
  const call = pkb.importLinks({ links: silent(), signal: ending.signal });
  await isAsked;
  ending.abort(new Error("enough"));
  await assert.rejects(call, { message: "enough" });
});

test("sets and the values of maps are iterated over, and what is neither that nor a list is refused", async () => {
  const { pkb } = place();
  const two = new Map([1, 2].map((number) => [number, linked(number)]));
  assert.equal((await pkb.importLinks({ links: two.values() })).imported, 2);
  assert.equal((await pkb.importLinks({ links: new Set(two.values()) })).present, 2);
  for (const links of [{ 0: linked(1) }, "user-1", undefined, null])
    await assert.rejects(pkb.importLinks({ links }), { name: "TypeValidationError", path: "options.links" });
  await assert.rejects(pkb.importLinks(), { name: "TypeValidationError" });
});
