/** That the token which a refresh has brought reaches the application, whatever becomes of the call that needed it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { DigiMeSDKError, init } from "../dist/index.js";
import { aPushOf, claimsOf, contractDetails, expiring, platform, refreshing, userAccessToken } from "./platform.mjs";
import { list, reading } from "./session.mjs";

const SECOND = "second-access-token";
const options = { contractDetails, userAccessToken };

/** Ways in which a function of the application fails. */
const failing = (thrown) => [
  () => {
    throw thrown;
  },
  () => Promise.reject(thrown),
];

test("what a hook throws reaches the caller as the very same error, and carries the new token, which no dump shows", async (t) => {
  for (const call of ["readAccounts", "pushData"]) {
    const sdk = init(await platform(t, expiring([])));
    const mine = new RangeError("my database is away");
    const given = call === "pushData" ? aPushOf(Buffer.from("a file")) : options;
    for (const onAccessTokenChange of failing(mine)) {
      const failure = await sdk[call]({ ...given, onAccessTokenChange }).then(assert.fail, (error) => error);
      assert.equal(failure, mine);
      assert.equal(failure.userAccessToken.accessToken.value, SECOND);
      assert.equal(failure.userAccessToken.refreshToken.value, "second-refresh-token");
      assert.doesNotMatch(inspect(failure) + JSON.stringify(failure), /second-/);
    }
  }
});

test("what cannot carry the new token is the cause of an error that does", async (t) => {
  const another = Object.assign(new Error("of another user"), {
    userAccessToken: { accessToken: { value: "theirs" } },
  });
  for (const thrown of [undefined, null, "no", Object.freeze(new Error("frozen")), another]) {
    for (const onAccessTokenChange of failing(thrown)) {
      const { readAccounts } = init(await platform(t, expiring([])));
      const failure = await readAccounts({ ...options, onAccessTokenChange }).then(assert.fail, (error) => error);
      assert.ok(failure instanceof DigiMeSDKError);
      assert.equal(failure.cause, thrown);
      assert.equal(failure.userAccessToken.accessToken.value, SECOND);
    }
  }
  assert.equal(another.userAccessToken.accessToken.value, "theirs");
});

test("readAllFiles reads nothing more with a token that the hook could not take, and rejects with its error and the token", async (t) => {
  for (const expires of ["the list", "a file"]) {
    const mine = new RangeError("my database is away");
    const used = [];
    const polls = list("running", ["a.json", "b.json"]);
    const config = await platform(t, (request, response) => {
      const isOfSession = request.url.startsWith("/permission-access/query/");
      const token = isOfSession && claimsOf(request).access_token;
      if (token === SECOND) used.push(request.url);
      if (isOfSession && token !== SECOND && expires === "a file" && !request.url.endsWith(".json"))
        return response.end(JSON.stringify(polls));
      return refreshing(request, response);
    });
    const onAccessTokenChange = () => {
      throw mine;
    };
    const { filePromise, response } = init(config).readAllFiles({
      ...reading,
      pollingInterval: 1,
      onAccessTokenChange,
    });
    for (const promise of [filePromise, response]) {
      const failure = await promise.then(assert.fail, (error) => error);
      assert.equal(failure, mine);
      assert.equal(failure.userAccessToken.accessToken.value, SECOND);
    }
    assert.deepEqual(used, [], expires);
  }
});

test("what a callback of readAllFiles throws carries the token that a refresh has brought meanwhile", async (t) => {
  const mine = new RangeError("my disk is full");
  const ended = (_, response) => response.end(JSON.stringify(list("completed", [])));
  const config = await platform(t, expiring([], ended));
  const { filePromise } = init(config).readAllFiles({
    ...reading,
    onStatusChange: () => {
      throw mine;
    },
  });
  const failure = await filePromise.then(assert.fail, (error) => error);
  assert.equal(failure, mine);
  assert.equal(failure.userAccessToken.accessToken.value, SECOND);
});

test("a call that is aborted during a refresh is rejected at once; the hook is told all the same, and nothing is refreshed twice", async (t) => {
  const controller = new AbortController();
  let refreshes = 0;
  let answer;
  const answers = expiring([]);
  const config = await platform(t, (request, response) => {
    if (request.url !== "/oauth/token") return answers(request, response);
    refreshes += 1;
    answer = () => answers(request, response);
    return controller.abort(new Error("the person went away"));
  });
  const { readAccounts } = init(config);
  let tell;
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const call = readAccounts({ ...options, signal: controller.signal, onAccessTokenChange: tell });
  await assert.rejects(call, { message: "the person went away" });
  answer();
  assert.equal((await told).accessToken.value, SECOND);
  const heard = [];
  const later = await readAccounts({ ...options, onAccessTokenChange: (token) => heard.push(token.accessToken.value) });
  assert.deepEqual(later.accounts, []);
  assert.deepEqual(heard, [SECOND]);
  assert.equal(refreshes, 1);
});
