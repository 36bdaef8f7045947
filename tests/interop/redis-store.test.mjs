/** What must hold of the example of a store over Redis: the contract, over crashes, and a user of digi.me who is connected in it. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { RedisStore } from "../../examples/node/redis-store/src/redis-store.js";
import { RedisServer } from "./redis.mjs";
import { folder, sdk } from "./sdk.mjs";

const { checkLinkStore } = createRequire(`${folder}/package.json`)("digime-sdk/testing");
const CALLBACK = "http://127.0.0.1/return";

function check(server, runs) {
  return checkLinkStore({
    open: () => RedisStore.open(server.url),
    close: (store) => store.close(),
    database: server,
    runs,
  });
}

test("the example of a store over Redis keeps every promise, over crashes of the server", async (t) => {
  await check(await RedisServer.running(t), 60);
});

test("over a server that writes nothing to its disk it does not, and is found out", async (t) => {
  await assert.rejects(check(await RedisServer.running(t, { appendonly: "no" }), 200), { promise: "durable" });
});

/** Goes through the page as a person who takes the first source and accepts; the address that they are sent back to. */
async function accept(url) {
  const page = await (await fetch(url)).text();
  const form = new URLSearchParams({ decision: "accept" });
  for (const [, name, value] of page.matchAll(/<input type="\w+" name="(.*?)" value="(.*?)"/g))
    if (!form.has(name)) form.append(name, value);
  const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  return answer.headers.get("location");
}

test("a user of digi.me is connected in it, and read by processes that start later", async (t) => {
  const sandbox = spawn(process.env.DIGIME_SANDBOX_BIN, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => sandbox.kill());
  const [line] = await once(createInterface(sandbox.stdout), "line");
  const { applicationId, baseUrl, onboardUrl, contracts } = JSON.parse(line);
  const contractDetails = { contractId: contracts.read.contractId, privateKey: contracts.read.privateKey };
  const server = await RedisServer.running(t);
  const encryptionKey = randomBytes(32).toString("base64");
  const started = async () => {
    const store = await RedisStore.open(server.url);
    t.after(() => store.close());
    return sdk.init({ applicationId, baseUrl, onboardUrl, encryptionKey, store });
  };

  const app = await started();
  const appUserId = "user-1";
  const { url } = await app.getConnectUrl({ appUserId, contractDetails, callback: CALLBACK });
  await app.completeConnect({ contractDetails, callbackUrl: await accept(url), appUserId });
  const { accounts } = await app.readAccounts({ contractDetails, appUserId });
  await server.kill();
  await assert.rejects(app.readAccounts({ contractDetails, appUserId }));
  await server.start();
  const restarted = await started();
  assert.deepEqual((await restarted.readAccounts({ contractDetails, appUserId })).accounts, accounts);
  assert.ok(accounts.length > 0);
});
