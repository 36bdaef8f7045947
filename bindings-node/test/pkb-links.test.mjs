/** How a patient links their record, from the address that they are sent to until the application reads it, and what may go wrong. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as sdk from "../dist/index.js";
import { patientsKnowBest } from "./sandbox.mjs";
import { SimpleStore } from "./stores.mjs";

let place;
before(async (t) => {
  place = await patientsKnowBest(t);
});

test("a patient links their record, and the application reads who they are", async () => {
  const { getLinkUrl, completeLink, getLink, getCurrentUser, getPublicId, fhirRead } = place.init();
  const appUserId = "user-1";
  const began = Date.now();
  const { url, state, expiresAt } = await getLinkUrl({ appUserId, context: { page: "/weights" } });
  assert.equal(new URL(url).searchParams.get("state"), state);
  assert.ok(expiresAt >= began + 15 * 60 * 1000);

  const { linkedAt, refreshedAt, ...link } = await completeLink({ callbackUrl: await place.decide(url), appUserId });
  const { publicId } = place.people[0];
  assert.deepEqual(link, { appUserId, publicId, status: "active", context: { page: "/weights" } });
  assert.ok(linkedAt >= began && refreshedAt === linkedAt);
  assert.equal((await getLink({ appUserId })).context, undefined);

  const { dob, nationalIds } = await getCurrentUser({ appUserId });
  assert.equal(dob, "2000-01-01");
  assert.equal(nationalIds[0].system, "https://fhir.nhs.uk/Id/nhs-number");
  const patient = await fhirRead({ appUserId, resourceType: "Patient", id: await getPublicId({ appUserId }) });
  assert.equal(patient.id, publicId);
});

test("a call that has no method of its own is made by request, with the answer as it came", async () => {
  const { pkb, appUserId, publicId } = await place.linked();
  const { writes } = await place.tally();
  const measured = { apiRef: "weight", takenDate: "2026-07-01", values: [{ apiRef: "weight", value: "86.5" }] };
  const path = "/json/v1/measurements";
  const { statusCode, headers, body } = await pkb.request({ appUserId, method: "POST", path, body: measured });
  assert.ok(statusCode === 200 || statusCode === 201);
  assert.match(headers["content-type"], /json/);
  assert.equal(body.apiRef, "weight");
  assert.equal((await place.tally()).writes, writes + 1);
  const page = await pkb.request({ appUserId, path: "/" });
  assert.equal(typeof page.body, "string");
  const found = await pkb.request({
    appUserId,
    path: "/fhir/Observation",
    query: { patient: publicId, category: "vital-signs", _count: 1 },
  });
  assert.equal(found.body.entry.length, 1);
});

test("a System Client acts for an organisation", async () => {
  const { clientId, clientSecret, orgPublicId } = place.system;
  const facade = { tokenUrl: new URL("/api/oauth/token", place.baseUrl).href };
  const endpoints = { ...place.config.endpoints, facade };
  const pkb = place.init({ endpoints, systemClient: { clientId, clientSecret } });
  const { accessToken, expiresAt } = await pkb.getSystemToken();
  assert.ok(expiresAt > Date.now());
  assert.equal((await pkb.getSystemToken({ timeouts: { idle: 1000 } })).accessToken, accessToken);
  const id = place.people[1].publicId;
  assert.equal((await pkb.fhirRead({ orgPublicId, resourceType: "Patient", id })).id, id);
});

test("calls that need no options may be given none", async () => {
  const { rotateKeys, getSystemToken, completeLink } = place.init();
  assert.deepEqual(await rotateKeys(), { links: 0, resealed: 0, failed: [] });
  await assert.rejects(getSystemToken(), { name: "TypeValidationError", path: "config.systemClient" });
  await assert.rejects(completeLink(), { name: "TypeValidationError", path: "options.callbackUrl" });
});

test("wrong configurations throw at once, and name the setting", () => {
  const store = { getLink: () => {}, findLinks: () => {}, listLinks: () => {} };
  for (const [wrong, path] of [
    [{ clientId: "" }, "config.clientId"],
    [{ environment: "moon" }, "config.environment"],
    [{ store: "links.db", encryptionKey: undefined }, "config.encryptionKey"],
    [{ store: {} }, "config.store.getLink"],
    [{ store }, "config.store.putLink"],
    [{ store: { ...store, putLink: "a function" } }, "config.store.putLink"],
    [{ store: null }, "config.store"],
    [{ onTokensChanged: "a function" }, "config.onTokensChanged"],
    [{ refreshLease: 2999 }, "config.refreshLease"],
  ]) {
    assert.throws(() => place.init(wrong), { name: "TypeValidationError", path });
  }
  assert.throws(() => sdk.initPkb(), { name: "TypeValidationError", path: "config" });
});

test("a configuration may have its settings from elsewhere", async () => {
  const config = Object.create({ ...place.config, store: new SimpleStore() });
  assert.deepEqual(await sdk.initPkb(config).findLinks({ publicId: "nobody's" }), []);
});

/** What the call is rejected with, an instance of this class. */
async function failure(call, expected) {
  const error = await call.then(assert.fail, (error) => error);
  assert.ok(error instanceof expected, error);
  assert.ok(error instanceof sdk.DigiMeSDKError);
  assert.equal(error instanceof sdk.PkbError, expected !== sdk.StoreError);
  return error;
}

test("a denied link is a LinkDeniedError with what the callback said", async () => {
  const pkb = place.init();
  const { url } = await pkb.getLinkUrl({ appUserId: "user-1" });
  const callbackUrl = await place.decide(url, { decision: "deny" });
  const error = await failure(pkb.completeLink({ callbackUrl, appUserId: "user-1" }), sdk.LinkDeniedError);
  assert.equal(error.error, "access_denied");
  assert.equal(error.errorDescription, new URL(callbackUrl).searchParams.get("error_description") ?? undefined);
  assert.ok(!("statusCode" in error) && !("pkbCode" in error));
});

test("a callback that belongs to no attempt is a LinkStateError that says why", async () => {
  const pkb = place.init();
  const { url, state } = await pkb.getLinkUrl({ appUserId: "user-1" });
  const callbackUrl = await place.decide(url);
  for (const [options, reason] of [
    [{ callbackUrl: "http://127.0.0.1/return?code=a-code", appUserId: "user-1" }, "missing"],
    [{ code: "a-code", state: "a-state", anyUser: true }, "unknown"],
    [{ callbackUrl, appUserId: "user-2" }, "mismatch"],
    [{ code: "a-wrong-code", state, appUserId: "user-1" }, "used"],
  ]) {
    assert.equal((await failure(pkb.completeLink(options), sdk.LinkStateError)).reason, reason);
  }
});

test("a link is completed for a user that the application names, or else for any user in so many words", async () => {
  const pkb = place.init();
  const { url } = await pkb.getLinkUrl({ appUserId: "user-1" });
  const callbackUrl = await place.decide(url);
  const { exchanges } = await place.tally();
  await assert.rejects(pkb.completeLink({ callbackUrl }), { name: "TypeValidationError", path: "options.appUserId" });
  assert.equal((await place.tally()).exchanges, exchanges);
  assert.equal((await pkb.completeLink({ callbackUrl, anyUser: true })).appUserId, "user-1");
});

test("without a link there is nothing to read", async () => {
  await failure(place.init().getCurrentUser({ appUserId: "user-1" }), sdk.NotLinkedError);
});

test("a user is one record's, until another may replace it", async () => {
  const { pkb, appUserId } = await place.linked();
  const { url } = await pkb.getLinkUrl({ appUserId });
  const callbackUrl = await place.decide(url, { person: place.people[1] });
  const error = await failure(pkb.completeLink({ callbackUrl, appUserId }), sdk.LinkConflictError);
  assert.equal(error.conflict, "appUser");
  const { publicId } = await pkb.completeLink({ callbackUrl, appUserId, onConflict: "replace" });
  assert.equal(publicId, place.people[1].publicId);
});

test("a store that cannot be opened is a StoreError", async () => {
  const pkb = place.init({ store: "/no/such/folder/links.db" });
  const error = await failure(pkb.getLink({ appUserId: "user-1" }), sdk.StoreError);
  assert.ok(["read", "write"].includes(error.operation));
});

test("a refusal by the FHIR API has PKB's code and its OperationOutcome, which no dump shows", async () => {
  const { pkb, appUserId } = await place.linked();
  const id = place.people[2].publicId;
  const error = await failure(pkb.fhirRead({ appUserId, resourceType: "Patient", id }), sdk.FhirError);
  assert.equal(error.pkbCode, "NO_CONSENT");
  assert.equal(error.statusCode, 403);
  assert.equal(error.issues[0].severity, "error");
  assert.equal(error.operationOutcome.resourceType, "OperationOutcome");
  assert.deepEqual(Object.keys(error).sort(), ["code", "name", "pkbCode", "statusCode"]);
});

test("a refusal by the REST API is a PkbError with PKB's code", async () => {
  const { pkb, appUserId, publicId } = await place.linked();
  await place.control("pkb/freeze", { publicId });
  const error = await failure(pkb.getCurrentUser({ appUserId }), sdk.PkbError);
  await place.control("pkb/unfreeze", { publicId });
  assert.equal(error.name, "PkbError");
  assert.equal(error.pkbCode, "ACCESS_FROZEN_OUTWARD");
  assert.equal(error.statusCode, 403);
});
