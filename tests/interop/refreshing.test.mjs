/** How a link lives on while access tokens expire and refresh tokens serve once, and how it ends. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clock } from "./clock.mjs";
import { appUserId, link, publicId, readRecord } from "./patient.mjs";
import { start } from "./platform.mjs";
import { ACCESS_TOKEN_SECONDS, TOLERANCE_SECONDS } from "./provider.mjs";
import { sdk } from "./sdk.mjs";

/** A platform, a linked patient, and a way to let their access token expire. */
async function linked(t, config = {}) {
  const { advance } = clock(t);
  const platform = await start(t);
  const pkb = sdk.initPkb({ ...platform.config, ...config });
  await link(pkb);
  return { platform, pkb, expire: () => advance(ACCESS_TOKEN_SECONDS + TOLERANCE_SECONDS) };
}

/** As many calls at once as there are clients in the list. */
async function readAtOnce(clients) {
  const records = await Promise.all(clients.map(readRecord));
  for (const record of records) assert.equal(record.id, publicId);
}

test("ten calls at once after an expiry refresh once", async (t) => {
  const { platform, pkb, expire } = await linked(t);
  expire();
  await readAtOnce(Array(10).fill(pkb));
  assert.equal(platform.count("refresh_token"), 1);
});

test("rotation goes on over five expiries", async (t) => {
  const told = [];
  const { platform, pkb, expire } = await linked(t, { onTokensChanged: (change) => told.push(change.appUserId) });
  const seen = new Set([platform.refreshToken]);
  for (let expiry = 1; expiry <= 5; expiry += 1) {
    expire();
    await readAtOnce([pkb, pkb]);
    assert.equal(platform.count("refresh_token"), expiry);
    seen.add(platform.refreshToken);
  }
  assert.equal(seen.size, 6);
  assert.equal(platform.grants.filter(({ error }) => error !== undefined).length, 0);
  assert.deepEqual(told, Array(5).fill(appUserId));
});

test("an access token that lives for a second is replaced in time, so that no call is refused", async (t) => {
  const platform = await start(t, { accessTokenSeconds: 1 });
  const pkb = sdk.initPkb(platform.config);
  await link(pkb);
  while (platform.count("refresh_token") === 0) await readRecord(pkb);
  assert.equal(platform.refusals, 0);
});

test("two clients of one SQLite file refresh once between them, and a third goes on later", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "digime-interop-"));
  t.after(() => rm(folder, { recursive: true }));
  const kept = { store: join(folder, "links.sqlite"), encryptionKey: randomBytes(32).toString("base64") };
  const { platform, pkb, expire } = await linked(t, kept);
  const other = sdk.initPkb({ ...platform.config, ...kept });
  expire();
  await readAtOnce([pkb, other, pkb, other, pkb, other, pkb, other, pkb, other]);
  assert.equal(platform.count("refresh_token"), 1);
  expire();
  await readAtOnce([sdk.initPkb({ ...platform.config, ...kept })]);
  assert.equal(platform.count("refresh_token"), 2);
});

test("a refresh token spent behind the SDK's back ends the link with LinkExpiredError", async (t) => {
  const told = [];
  const { platform, pkb, expire } = await linked(t, { onLinkExpired: (link) => told.push(link.appUserId) });
  const spent = await platform.ask({ grant_type: "refresh_token", refresh_token: platform.refreshToken });
  assert.ok(spent.access_token);
  expire();
  await assert.rejects(readRecord(pkb), (error) => {
    assert.ok(error instanceof sdk.LinkExpiredError);
    assert.equal(error.reason, "invalid_grant");
    return true;
  });
  assert.equal((await pkb.getLink({ appUserId })).status, "expired");
  assert.deepEqual(told, [appUserId]);
  const stolen = await platform.ask({ grant_type: "refresh_token", refresh_token: spent.refresh_token });
  assert.equal(stolen.error, "invalid_grant");
});

test("a link that is over is not tried again, until the patient links anew", async (t) => {
  const { platform, pkb, expire } = await linked(t);
  await platform.ask({ grant_type: "refresh_token", refresh_token: platform.refreshToken });
  expire();
  await assert.rejects(readRecord(pkb), { name: "LinkExpiredError" });
  const asked = platform.grants.length;
  await assert.rejects(readRecord(pkb), { name: "LinkExpiredError" });
  assert.equal(platform.grants.length, asked);
  await link(pkb);
  await readAtOnce([pkb]);
});

test("where the answer to a refresh is lost, the next is a second use, and the patient must link again", async (t) => {
  const { platform, pkb, expire } = await linked(t);
  expire();
  platform.losesAnswer = true;
  await assert.rejects(readRecord(pkb), { name: "TransportError" });
  assert.equal((await pkb.getLink({ appUserId })).status, "uncertain");
  await assert.rejects(readRecord(pkb), { name: "LinkExpiredError", reason: "invalid_grant" });
  assert.equal(platform.count("refresh_token"), 2);
});
