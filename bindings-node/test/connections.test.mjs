/** How users are connected, and what may go wrong, from the address that they are sent to until they are disconnected. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as sdk from "../dist/index.js";
import { digiMe } from "./digi-me.mjs";
import { SimpleStore } from "./stores.mjs";

let place;
before(async (t) => {
  place = await digiMe(t);
});

/** What the call is rejected with, an instance of this class that has no token. */
async function failure(call, expected) {
  const error = await call.then(assert.fail, (error) => error);
  assert.ok(error instanceof expected, error);
  assert.ok(error instanceof sdk.DigiMeSDKError && !(error instanceof sdk.ServerError));
  assert.equal(error.userAccessToken, undefined);
  return error;
}

test("a user is connected by what they come back with, and the session and the context come with it", async () => {
  const { getConnectUrl, completeConnect, getConnection, readAccounts } = place.init();
  const appUserId = "user-1";
  const { contractId } = place.read;
  const options = { contractDetails: place.read, callback: "http://127.0.0.1/return", context: { page: "/weights" } };
  const began = Date.now();
  const { url, session: begun, expiresAt, ...more } = await getConnectUrl({ appUserId, ...options });
  assert.deepEqual(more, {});
  assert.ok(expiresAt >= began + 60 * 60 * 1000);
  assert.equal(await getConnection({ appUserId, contractId }), undefined);

  const callbackUrl = await place.decide(url);
  const completed = await completeConnect({ contractDetails: place.read, callbackUrl, appUserId });
  const { connection, session, context } = completed;
  assert.deepEqual(context, { page: "/weights" });
  assert.deepEqual(session, begun);
  assert.equal(completed.accountReference, new URL(callbackUrl).searchParams.get("accountReference"));
  assert.equal(connection.appUserId, appUserId);
  assert.equal(connection.contractId, contractId);
  assert.equal(connection.status, "active");
  assert.ok(connection.connectedAt >= began && connection.refreshedAt === connection.connectedAt);
  assert.deepEqual(await getConnection({ appUserId, contractId }), connection);

  const { accounts, ...rest } = await readAccounts({ contractDetails: place.read, appUserId });
  assert.equal(accounts[0].reference, completed.accountReference);
  assert.deepEqual(rest, {});
});

test("a callback that is loaded again, in another process too, gives the same connection of one exchange", async (t) => {
  const place = await digiMe(t);
  const store = new SimpleStore();
  const processes = [place.init({ store }), place.init({ store })];
  const callbackUrl = await place.sent(processes[0], { appUserId: "user-1" });
  const options = { contractDetails: place.read, callbackUrl, appUserId: "user-1" };
  const loads = [0, 1, 0, 1].map((index) => processes[index].completeConnect(options));
  const [{ connection }, ...others] = await Promise.all(loads);
  for (const other of others) assert.deepEqual(other.connection, connection);
  assert.equal(await place.granted("authorization_code"), 1);
});

test("who declines is a ConnectDeniedError with the code that they came back with, if there is one", async () => {
  const sdkOfPlace = place.init();
  const callbackUrl = await place.sent(sdkOfPlace, { appUserId: "user-1", decision: "decline" });
  const options = { contractDetails: place.read, appUserId: "user-1" };
  const denied = await failure(sdkOfPlace.completeConnect({ ...options, callbackUrl }), sdk.ConnectDeniedError);
  assert.equal(denied.errorCode, new URL(callbackUrl).searchParams.get("errorCode"));
  const silent = new URL(await place.sent(sdkOfPlace, { appUserId: "user-1", decision: "decline" }));
  silent.searchParams.delete("errorCode");
  const untold = sdkOfPlace.completeConnect({ ...options, callbackUrl: silent.href });
  assert.ok(!("errorCode" in (await failure(untold, sdk.ConnectDeniedError))));
});

test("a callback that belongs to no attempt is a ConnectStateError that says why", async () => {
  const { completeConnect, ...others } = place.init();
  const callbackUrl = await place.sent(others, { appUserId: "user-1" });
  for (const [options, reason] of [
    [{ callbackUrl: "/return?success=true&code=a-code", appUserId: "user-1" }, "missing"],
    [{ callbackUrl: "/return?success=true&code=a-code&state=made-up", anyUser: true }, "unknown"],
    [{ callbackUrl, appUserId: "user-2" }, "mismatch"],
  ]) {
    const refused = completeConnect({ contractDetails: place.read, ...options });
    assert.equal((await failure(refused, sdk.ConnectStateError)).reason, reason);
  }
});

test("another person's library takes the place of the user's only where that is said", async () => {
  const { completeConnect, ...others } = place.init();
  const appUserId = "user-1";
  const first = await place.sent(others, { appUserId });
  const second = await place.sent(others, { appUserId });
  const options = { contractDetails: place.read, appUserId };
  const { connection } = await completeConnect({ ...options, callbackUrl: first });
  await failure(completeConnect({ ...options, callbackUrl: second }), sdk.ConnectionConflictError);
  const replaced = await completeConnect({ ...options, callbackUrl: second, onConflict: "replace" });
  assert.notEqual(replaced.connection.userId, connection.userId);
});

test("a connection that the platform has ended is a ConnectionExpiredError each time, and a NotConnectedError once it is removed", async () => {
  const told = [];
  const config = { told, onConnectionChange: ({ change, connection }) => told.push([change, connection.status]) };
  const { readAccounts, disconnect, getConnection, ...others } = place.init(config);
  const appUserId = "user-1";
  await place.connect(others, { appUserId });
  await place.control("expire-access-tokens");
  const body = { error: { code: "InvalidGrant", message: "no" } };
  await place.control("faults", { route: "POST /v1.7/oauth/token", fault: { status: 400, body }, count: 1 });
  const options = { contractDetails: place.read, appUserId };
  for (const _ of [1, 2]) {
    const over = await failure(readAccounts(options), sdk.ConnectionExpiredError);
    assert.equal(over.reason, "InvalidGrant");
  }
  const named = { appUserId, contractId: place.read.contractId };
  assert.equal((await getConnection(named)).status, "expired");
  assert.equal(await disconnect(named), undefined);
  await disconnect(named);
  await failure(readAccounts(options), sdk.NotConnectedError);
  assert.deepEqual(told, [
    ["connected", "active"],
    ["expired", "expired"],
    ["disconnected", "expired"],
  ]);
});

test("many users are brought in at once, counted and taken out again, and nothing of them is left when they are disconnected", async () => {
  const store = new SimpleStore();
  const client = place.init({ store });
  const { importConnections, countConnections, exportConnection, disconnect, getConnectUrl } = client;
  const { contractId } = place.read;
  await place.connect(client, { appUserId: "user-0" });
  const userAccessToken = await exportConnection({ appUserId: "user-0", contractId });
  const { refreshToken, ...endless } = userAccessToken;
  const connections = [0, 1, 2].map((number) => ({ appUserId: `user-${number}`, userAccessToken }));
  const spent = { ...endless, refreshToken: { ...refreshToken, value: "" } };
  const done = await importConnections({
    contractId,
    connections: [...connections, { appUserId: "user-3", userAccessToken: spent }],
  });
  const refused = [{ appUserId: "user-3", reason: "there is no refresh token" }];
  assert.deepEqual(done, { imported: 2, present: 1, refused });
  assert.deepEqual(await countConnections({ contractId }), { active: 3, uncertain: 0, expired: 0 });
  const wrong = importConnections({ contractId, connections: [...connections, { appUserId: "user-4" }] });
  await assert.rejects(wrong, { path: "options.connections[3].userAccessToken" });
  const options = { appUserId: "user-1", contractDetails: place.read, callback: "http://127.0.0.1/return" };
  await getConnectUrl(options);
  assert.ok([...store.attempts.values()].some(({ appUserId }) => appUserId === "user-1"));
  await disconnect({ appUserId: "user-1", contractId });
  assert.ok([...store.attempts.values()].every(({ appUserId }) => appUserId !== "user-1"));
  assert.equal((await countConnections({ contractId })).active, 2);
});

test("how long a person may take is a setting", async () => {
  const options = { appUserId: "user-1", contractDetails: place.read };
  const patient = place.init({ connectTimeout: 5000 });
  const began = Date.now();
  const { expiresAt } = await patient.getConnectUrl({ ...options, callback: "http://127.0.0.1/return" });
  assert.ok(expiresAt >= began + 5000 && expiresAt <= Date.now() + 5000);
});

test("wrong configurations throw at once, and name the setting", () => {
  const store = { getLink: () => {}, findLinks: () => {}, listLinks: () => {} };
  for (const [wrong, path] of [
    [{ store: "connections.db", encryptionKey: undefined }, "config.encryptionKey"],
    [{ store: undefined }, "config.encryptionKey"],
    [{ store: {} }, "config.store.getLink"],
    [{ store }, "config.store.putLink"],
    [{ onConnectionChange: "a function" }, "config.onConnectionChange"],
    [{ refreshLease: 2999 }, "config.refreshLease"],
  ]) {
    assert.throws(() => place.init(wrong), { name: "TypeValidationError", path });
  }
});
