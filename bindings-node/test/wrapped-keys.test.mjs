/** Keys that a key management service wraps: by which functions, in which forms, and what is told where the service fails. */

import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as sdk from "../dist/index.js";
import { digiMe } from "./digi-me.mjs";
import { SimpleStore } from "./stores.mjs";

let place;
before(async (t) => {
  place = await digiMe(t);
});

/** A service with a key that it shows to nobody. It gives bytes, or text where it is told to. */
function service({ text = false } = {}) {
  const key = randomBytes(32);
  const asked = { wrap: 0, unwrap: 0 };
  return {
    asked,
    functions: {
      wrap: async (plain) => {
        asked.wrap += 1;
        assert.ok(Buffer.isBuffer(plain) && plain.length === 32);
        const iv = randomBytes(12);
        const cipher = createCipheriv("aes-256-gcm", key, iv);
        const wrapped = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
        return text ? `vault:v1:${wrapped.toString("base64")}` : new Uint8Array(wrapped);
      },
      unwrap: async (wrapped) => {
        asked.unwrap += 1;
        assert.equal(typeof wrapped === "string", text);
        const bytes = text ? Buffer.from(wrapped.split(":")[2], "base64") : wrapped;
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16));
        const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
        return text ? plain.toString("base64") : plain;
      },
    },
  };
}

for (const text of [false, true]) {
  test(`what a service wraps as ${text ? "text" : "bytes"} opens in another process, which asks it once`, async () => {
    const { asked, functions: encryptionKey } = service({ text });
    const store = new SimpleStore();
    const [first, second] = [place.init({ store, encryptionKey }), place.init({ store, encryptionKey })];
    for (const appUserId of ["user-1", "user-2"]) await place.connect(first, { appUserId });
    assert.deepEqual(asked, { wrap: 1, unwrap: 1 }, "what is wrapped is unwrapped once, to see that it comes back");
    const reads = ["user-1", "user-2", "user-1"].map((appUserId) =>
      second.readAccounts({ contractDetails: place.read, appUserId }),
    );
    for (const { accounts } of await Promise.all(reads)) assert.ok(accounts.length > 0);
    assert.deepEqual(asked, { wrap: 1, unwrap: 2 });
    const { connections, resealed } = await second.rotateKeys({ contractId: place.read.contractId });
    assert.deepEqual([connections, resealed], [2, 2]);
  });
}

test("a call is rejected with what a function of the service throws, and nothing is spent", async (t) => {
  const place = await digiMe(t);
  const { functions } = service();
  const store = new SimpleStore();
  await place.connect(place.init({ store, encryptionKey: functions }), { appUserId: "user-1" });
  await place.control("expire-access-tokens");
  const away = new Error("the service is away");
  const encryptionKey = { ...functions, unwrap: () => Promise.reject(away) };
  const { readAccounts, check } = place.init({ store, encryptionKey });
  const options = { contractDetails: place.read, appUserId: "user-1" };
  await assert.rejects(readAccounts(options), (error) => error === away);
  const { ready, findings } = await check({ contractId: place.read.contractId });
  assert.deepEqual([ready, findings.map(({ setting }) => setting)], [false, ["encryptionKey"]]);
  assert.match(findings[0].message, /^config\.encryptionKey\.unwrap failed, .* see that the service can be reached/);
  const unwrapping = place.init({ store, encryptionKey: { ...functions, wrap: () => Promise.reject(away) } });
  const unready = await unwrapping.check({ contractId: place.read.contractId });
  assert.match(unready.findings[0].message, /^config\.encryptionKey\.wrap failed/);
  assert.equal(await place.granted("refresh_token"), 0);
});

test("what is no key is a StoreError that says which function gave it", async () => {
  const { functions } = service();
  for (const [wrong, operation, says] of [
    [{ wrap: () => 7 }, "wrap", "a number"],
    [{ wrap: () => undefined }, "wrap", "null"],
  ]) {
    const encryptionKey = { ...functions, ...wrong };
    const { getConnectUrl } = place.init({ store: "memory", encryptionKey });
    const asked = getConnectUrl({
      contractDetails: place.read,
      appUserId: "user-1",
      callback: "http://127.0.0.1/return",
    });
    const error = await asked.then(assert.fail, (error) => error);
    assert.ok(error instanceof sdk.StoreError, error);
    assert.equal(error.operation, operation);
    assert.ok(error.message.includes(says) && error.message.includes("encryptionKey"), error.message);
  }
});

test("a pair of functions that is none is refused at once", () => {
  const { functions } = service();
  for (const [encryptionKey, path] of [
    [{ wrap: functions.wrap }, "config.encryptionKey.unwrap"],
    [{ ...functions, wrap: "a function" }, "config.encryptionKey.wrap"],
    [{ ...functions, cacheFor: 999 }, "config.encryptionKey.cacheFor"],
    [{ ...functions, cacheFr: 5000 }, "config.encryptionKey.cacheFr"],
    [{ wrap: functions.wrap, unwrapp: functions.unwrap }, "config.encryptionKey.unwrapp"],
    [7, "config.encryptionKey"],
  ]) {
    assert.throws(() => place.init({ store: "memory", encryptionKey }), { name: "TypeValidationError", path });
  }
});

/** A service as applications write one: with methods, and what these need beside them. */
class Kms {
  client = { self: this };
  cacheFor = 5000;
  #functions;

  constructor({ functions }) {
    this.#functions = functions;
  }

  wrap(key) {
    return this.#functions.wrap(key);
  }

  unwrap(wrapped) {
    return this.#functions.unwrap(wrapped);
  }
}

test("an object of a class wraps keys by its methods, now and as a previous one", async () => {
  const [before, after] = [new Kms(service()), new Kms(service())];
  const store = new SimpleStore();
  await place.connect(place.init({ store, encryptionKey: before }), { appUserId: "user-1" });
  const { rotateKeys } = place.init({ store, encryptionKey: after, previousEncryptionKeys: [before] });
  assert.equal((await rotateKeys({ contractId: place.read.contractId })).resealed, 1);
  class Half {
    wrap() {}
  }
  const wrong = () => place.init({ store, encryptionKey: new Half() });
  assert.throws(wrong, { name: "TypeValidationError", path: "config.encryptionKey.unwrap" });
});

test("a key that its service does not unwrap any more costs its own records alone", async () => {
  const [before, after] = [service(), service()];
  const store = new SimpleStore();
  const config = { store, encryptionKey: before.functions };
  // Each process makes a key of its own.
  for (const appUserId of ["user-1", "user-2", "user-3"]) await place.connect(place.init(config), { appUserId });
  const lost = store.links.get([...store.links.keys()].find((key) => key.includes("user-2"))).sealed.split(".")[1];
  const unwrap = (wrapped) => {
    if (Buffer.from(wrapped).toString("base64url") === lost.slice(1))
      throw new Error("this version of the key is gone");
    return before.functions.unwrap(wrapped);
  };
  const previousEncryptionKeys = [{ ...before.functions, unwrap }];
  const { rotateKeys } = place.init({ store, encryptionKey: after.functions, previousEncryptionKeys });
  const { resealed, failed } = await rotateKeys({ contractId: place.read.contractId });
  assert.deepEqual([resealed, failed.map(({ appUserId }) => appUserId)], [2, ["user-2"]]);
  assert.match(failed[0].reason, /unwrap failed/);
});

test("the pair that was before opens as a previous key", async () => {
  const [before, after] = [service(), service()];
  const store = new SimpleStore();
  await place.connect(place.init({ store, encryptionKey: before.functions }), { appUserId: "user-1" });
  const config = { store, encryptionKey: after.functions, previousEncryptionKeys: [before.functions] };
  const { readAccounts } = place.init(config);
  assert.ok((await readAccounts({ contractDetails: place.read, appUserId: "user-1" })).accounts.length > 0);
});

test("the address of a store may be a URL, and a file's is where it leads", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "digime-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "of users.db");
  const first = place.init({ store: pathToFileURL(file) });
  await place.connect(first, { appUserId: "user-1" });
  assert.ok(readdirSync(folder).includes("of users.db") && readFileSync(file).length > 0);
  const { readAccounts, close } = place.init({ store: file });
  assert.ok((await readAccounts({ contractDetails: place.read, appUserId: "user-1" })).accounts.length > 0);
  await Promise.all([close(), first.close()]);
  assert.throws(
    () => place.init({ store: new URL("postgres+driver://me:hunter2@127.0.0.1/db") }),
    (error) => {
      assert.equal(error.path, "config.store");
      return !error.message.includes("hunter2");
    },
  );
});
