/** Calls for users whose connections are kept: no token goes in, none comes out, and one is refreshed once for all who share the store. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { inspect } from "node:util";
import { ServerError } from "../dist/index.js";
import { digiMe } from "./digi-me.mjs";
import { userAccessToken } from "./platform.mjs";
import { LateStore, SimpleStore } from "./stores.mjs";

const appUserId = "user-1";

let place;
before(async (t) => {
  place = await digiMe(t);
});

test("a session is read without a token in what callbacks and promises give", async () => {
  const sdk = place.init();
  await place.connect(sdk, { appUserId });
  const options = { contractDetails: place.read, appUserId };
  const { session, ...rest } = await sdk.readSession(options);
  assert.deepEqual(rest, {});
  await place.control("expire-access-tokens");
  const files = [];
  const reading = { sessionKey: session.key, ...place.read, appUserId };
  const all = sdk.readAllFiles({ ...reading, pollingInterval: 10, onFileData: (file) => files.push(file) });
  const { status, fileList, ...more } = await all.response;
  assert.ok(["completed", "partial"].includes(status.state));
  assert.deepEqual(more, {});
  assert.equal(files.length, fileList.length);
  assert.ok(files.length > 0);
  for (const file of files) assert.ok(!("userAccessToken" in file));
  const { fileData, ...file } = await sdk.readFile({ ...reading, fileName: files[0].fileName });
  assert.deepEqual(fileData, files[0].fileData);
  assert.ok(!("userAccessToken" in file));
  const { body, ...stream } = await sdk.readFileStream({ ...reading, fileName: files[0].fileName });
  assert.deepEqual(Buffer.from(await new Response(body).arrayBuffer()), files[0].fileData);
  assert.ok(!("userAccessToken" in stream));
});

test("a file is pushed for a user whose token has expired, and their storage is found", async () => {
  const sdk = place.init();
  const { storage } = await sdk.createProvisionalStorage({ contractDetails: place.push });
  await place.connect(sdk, { appUserId, contractDetails: place.push, storageId: storage.id });
  await place.control("expire-access-tokens");
  const before = await place.control("pushed", undefined, "GET");
  const fileDescriptor = { mimeType: "application/pdf", accounts: [{ accountId: "an-account" }] };
  const data = { fileData: Buffer.from("a receipt"), fileName: "receipt.pdf", fileDescriptor };
  const options = { contractDetails: place.push, appUserId };
  assert.equal(await sdk.pushData({ ...options, data }), undefined);
  assert.equal((await place.control("pushed", undefined, "GET")).length, before.length + 1);
  const found = await sdk.getUserStorage(options);
  assert.equal(found.storage.id, storage.id);
  assert.ok(!("userAccessToken" in found));
});

test("a consent is renewed without a code verifier or a state of the application's", async () => {
  const sdk = place.init();
  const { connection } = await place.connect(sdk, { appUserId });
  const options = { contractDetails: place.read, appUserId, callback: "http://127.0.0.1/return" };
  const { url, session, ...rest } = await sdk.getReauthorizeUrl(options);
  assert.deepEqual(rest, {});
  const callbackUrl = await place.decide(url);
  const renewed = await sdk.completeConnect({ contractDetails: place.read, callbackUrl, appUserId });
  assert.equal(renewed.connection.userId, connection.userId);
  await assert.rejects(sdk.getReauthorizeUrl({ ...options, state: "mine" }), { path: "options.state" });
});

test("both a token and a user, or neither, or a function that would learn of a token, are refused", async () => {
  const { readAccounts, readAllFiles } = place.init();
  const contractDetails = place.read;
  for (const [options, path] of [
    [{ userAccessToken, appUserId }, "options.appUserId"],
    [{}, "options.userAccessToken"],
    [{ appUserId: "" }, "options.appUserId"],
    [{ appUserId, onAccessTokenChange: () => {} }, "options.onAccessTokenChange"],
  ]) {
    await assert.rejects(readAccounts({ contractDetails, ...options }), { name: "TypeValidationError", path });
  }
  const both = readAllFiles({ sessionKey: "a-session", ...place.read, userAccessToken, appUserId });
  await assert.rejects(both.filePromise, { name: "TypeValidationError", path: "options.appUserId" });
});

test("a client that has no store says so", async () => {
  const { readAccounts } = place.init({ store: undefined, encryptionKey: undefined });
  const refused = readAccounts({ contractDetails: place.read, appUserId });
  await assert.rejects(refused, { name: "TypeValidationError", path: "config.store" });
});

test("an error after a refresh carries no token, and no dump shows one", async () => {
  const sdk = place.init();
  await place.connect(sdk, { appUserId });
  await place.control("expire-access-tokens");
  const options = { sessionKey: "no-such-session", ...place.read, appUserId };
  const refused = await sdk.readFileList(options).then(assert.fail, (error) => error);
  assert.ok(refused instanceof ServerError, refused);
  assert.equal(refused.userAccessToken, undefined);
  assert.doesNotMatch(inspect(refused, { showHidden: true }), /Token"?:/);
});

const KINDS = {
  "a file of SQLite's": (t) => {
    const folder = mkdtempSync(join(tmpdir(), "connections-"));
    t.after(() => rmSync(folder, { recursive: true }));
    return join(folder, "connections.db");
  },
  "a store of one's own that answers at once": () => new SimpleStore(),
  "a store of one's own that answers later": () => new LateStore(),
};

for (const [kind, make] of Object.entries(KINDS)) {
  test(`${kind}: many callers in two processes lead to one refresh, which is told of once`, async (t) => {
    const place = await digiMe(t);
    const told = [];
    const onConnectionChange = async ({ change, connection }) => void told.push([change, connection.appUserId]);
    const store = make(t);
    const processes = [1, 2].map(() => place.init({ store, onConnectionChange }));
    await place.connect(processes[0], { appUserId });
    await place.control("expire-access-tokens");
    const options = { contractDetails: place.read, appUserId };
    const calls = Array.from({ length: 20 }, (_, index) => processes[index % 2].readAccounts(options));
    for (const { accounts } of await Promise.all(calls)) assert.equal(accounts.length, 1);
    assert.equal(await place.granted("refresh_token"), 1);
    assert.deepEqual(told, [
      ["connected", appUserId],
      ["refreshed", appUserId],
    ]);
  });

  test(`${kind}: keys are rotated while connections stay`, async (t) => {
    const store = make(t);
    const { contractId } = place.read;
    await place.connect(place.init({ store }), { appUserId });
    const encryptionKey = Buffer.alloc(32, 7).toString("hex");
    const previousEncryptionKeys = [place.keeping.encryptionKey];
    const rotating = place.init({ store, encryptionKey, previousEncryptionKeys });
    assert.deepEqual(await rotating.rotateKeys({ contractId }), { connections: 1, resealed: 1, failed: [] });
    assert.deepEqual(await rotating.rotateKeys({ contractId }), { connections: 1, resealed: 0, failed: [] });
    const { readAccounts } = place.init({ store, encryptionKey });
    assert.equal((await readAccounts({ contractDetails: place.read, appUserId })).accounts.length, 1);
  });
}

test("what a function of the application throws reaches the call that needed the refresh, and the token is kept", async (t) => {
  const place = await digiMe(t);
  const mine = new RangeError("my queue is full");
  const store = new SimpleStore();
  await place.connect(place.init({ store }), { appUserId });
  await place.control("expire-access-tokens");
  const onConnectionChange = () => Promise.reject(mine);
  const options = { contractDetails: place.read, appUserId };
  await assert.rejects(place.init({ store, onConnectionChange }).readAccounts(options), (error) => error === mine);
  assert.equal(mine.userAccessToken, undefined);
  assert.equal((await place.init({ store }).readAccounts(options)).accounts.length, 1);
  assert.equal(await place.granted("refresh_token"), 1);
});

test("who is connected is iterated over, brought in and taken out, and kept alive", async () => {
  const sdk = place.init();
  const { contractId } = place.read;
  for (const user of ["user-1", "user-2"]) await place.connect(sdk, { appUserId: user });
  const userAccessToken = await sdk.exportConnection({ appUserId: "user-2", contractId });
  const imported = await sdk.importConnection({ appUserId: "user-3", contractId, userAccessToken });
  const connections = [];
  for await (const connection of sdk.listConnections({ contractId })) connections.push(connection);
  assert.deepEqual(
    connections.map((connection) => connection.appUserId),
    ["user-1", "user-2", "user-3"],
  );
  assert.deepEqual(connections[2], imported);
  for await (const connection of sdk.listConnections({ contractId, after: "user-1" })) {
    assert.equal(connection.appUserId, "user-2");
    break;
  }
  const told = [];
  const keeping = { contractDetails: place.read, idleFor: 0, onProgress: (soFar) => told.push(soFar) };
  await sdk.disconnect({ appUserId: "user-3", contractId });
  const kept = await sdk.keepAlive(keeping);
  assert.deepEqual(told.at(-1), kept);
});

test("no store sees a token", async () => {
  const store = new SimpleStore();
  const sdk = place.init({ store });
  await place.connect(sdk, { appUserId });
  const named = { appUserId, contractId: place.read.contractId };
  const { accessToken, refreshToken } = await sdk.exportConnection(named);
  const everything = JSON.stringify([...store.links, ...store.attempts]);
  for (const { value } of [accessToken, refreshToken]) assert.ok(value && !everything.includes(value));
});
