/** That an application can see what the SDK does, and that looking on changes nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { init } from "../dist/index.js";
import { contractDetails, expiring, platform, userAccessToken } from "./platform.mjs";

const options = { contractDetails, userAccessToken };

test("a call, its requests, a refresh and the token that is stored are told of, without a secret", async (t) => {
  const events = [];
  const sdk = init({ ...(await platform(t, expiring([]))), onEvent: (event) => events.push(event) });
  const kept = [];
  await sdk.readAccounts({ ...options, onAccessTokenChange: (token) => kept.push(token) });
  await setImmediate();
  const types = events.map(({ type }) => type);
  assert.equal(types[0], "callStarted");
  assert.equal(types.at(-1), "callEnded");
  const inOrder = ["requestStarted", "requestSent", "requestAnswered", "refreshStarted", "refreshEnded", "tokenStored"];
  const places = inOrder.map((type) => types.indexOf(type));
  assert.ok(!places.includes(-1), types.join());
  assert.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
  );
  assert.deepEqual(new Set(events.map(({ call }) => call)), new Set(["readAccounts"]));
  assert.equal(new Set(events.map(({ callId }) => callId)).size, 1);
  assert.equal(events[1].request, "GET permission-access/accounts");
  const told = JSON.stringify(events);
  for (const { accessToken, refreshToken } of [userAccessToken, kept[0]])
    for (const secret of [accessToken.value, refreshToken.value]) assert.ok(!told.includes(secret));
  assert.ok(!told.includes(kept[0].user.id));
});

test("a function that throws, rejects or takes its time does no harm", async (t) => {
  const hooks = [
    () => {
      throw new RangeError("mine");
    },
    () => Promise.reject(new RangeError("mine")),
    () => new Promise(() => {}),
  ];
  for (const onEvent of hooks) {
    const sdk = init({ ...(await platform(t, expiring([]))), onEvent });
    const { accounts } = await sdk.readAccounts({ ...options, onAccessTokenChange: () => {} });
    assert.ok(Array.isArray(accounts));
    await setImmediate();
  }
});
