/** How a patient links, or does not, through oidc-provider. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { approve, deny, open } from "./browser.mjs";
import { clock } from "./clock.mjs";
import { appUserId, link, publicId, readRecord } from "./patient.mjs";
import { start } from "./platform.mjs";
import { ACCESS_TOKEN_SECONDS, CODE_SECONDS, TOLERANCE_SECONDS } from "./provider.mjs";
import { sdk } from "./sdk.mjs";

test("a patient links, and their record is read", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const linked = await link(pkb);
  assert.equal(linked.appUserId, appUserId);
  assert.equal(linked.publicId, publicId);
  assert.equal(linked.status, "active");
  assert.deepEqual(await readRecord(pkb), { resourceType: "Patient", id: publicId });
  assert.deepEqual(platform.grants, [{ type: "authorization_code", by: "none" }]);
});

test("an access token expires when the provider says", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const before = Date.now();
  await link(pkb);
  const after = Date.now();
  const { expiresAt } = await pkb.getAccessToken({ appUserId });
  const issuedAt = expiresAt - ACCESS_TOKEN_SECONDS * 1000;
  assert.ok(before <= issuedAt && issuedAt <= after, `${issuedAt} is not from ${before} to ${after}`);
});

test("a patient links with PKCE where the provider demands it", async (t) => {
  const platform = await start(t, { demandsPkce: true });
  const pkb = sdk.initPkb({ ...platform.config, pkce: true });
  assert.equal((await link(pkb)).publicId, publicId);
});

test("a patient links with PKCE where the provider only allows it", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb({ ...platform.config, pkce: true });
  assert.equal((await link(pkb)).publicId, publicId);
});

test("without the PKCE that the provider demands there is a LinkDeniedError that says so", async (t) => {
  const platform = await start(t, { demandsPkce: true });
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await open(url);
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), (error) => {
    assert.ok(error instanceof sdk.LinkDeniedError);
    assert.equal(error.error, "invalid_request");
    assert.match(error.errorDescription, /PKCE/);
    return true;
  });
});

test("a denial is a LinkDeniedError with access_denied, and ends the attempt", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await deny(url);
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), (error) => {
    assert.ok(error instanceof sdk.LinkDeniedError);
    assert.equal(error.error, "access_denied");
    assert.equal(error.errorDescription, "The patient denied access");
    return true;
  });
  assert.equal(await pkb.getLink({ appUserId }), undefined);
  const approved = await approve(url, publicId);
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl: approved }), {
    name: "LinkStateError",
    reason: "used",
  });
  assert.deepEqual(platform.grants, []);
});

test("a code is exchanged once though the callback is loaded twice at once, and again", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await approve(url, publicId);
  const complete = () => pkb.completeLink({ appUserId, callbackUrl });
  const [first, second] = await Promise.all([complete(), complete()]);
  assert.deepEqual(second, first);
  assert.deepEqual(await complete(), first);
  assert.equal(platform.count("authorization_code"), 1);
  assert.equal((await readRecord(pkb)).id, publicId);
});

test("a code that somebody else was quicker to exchange is a LinkStateError", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await approve(url, publicId);
  const code = new URL(callbackUrl).searchParams.get("code");
  assert.ok((await platform.ask({ grant_type: "authorization_code", code })).access_token);
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), { name: "LinkStateError", reason: "used" });
});

test("where the answer to the exchange of a code is lost, the code is spent, and the next attempt links", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await approve(url, publicId);
  platform.losesAnswer = true;
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), { name: "TransportError" });
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), { name: "LinkStateError", reason: "used" });
  assert.equal(platform.count("authorization_code"), 1);
  assert.equal((await link(pkb)).publicId, publicId);
});

test("a code that somebody else exchanges again later ends the link", async (t) => {
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await approve(url, publicId);
  await pkb.completeLink({ appUserId, callbackUrl });
  const code = new URL(callbackUrl).searchParams.get("code");
  assert.equal((await platform.ask({ grant_type: "authorization_code", code })).error, "invalid_grant");
  await assert.rejects(readRecord(pkb), { name: "LinkExpiredError" });
});

test("a code that has expired is a LinkStateError, and the next attempt links", async (t) => {
  const { advance } = clock(t);
  const platform = await start(t);
  const pkb = sdk.initPkb(platform.config);
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await approve(url, publicId);
  advance(CODE_SECONDS + TOLERANCE_SECONDS);
  await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), { name: "LinkStateError", reason: "used" });
  assert.equal((await link(pkb)).publicId, publicId);
});
