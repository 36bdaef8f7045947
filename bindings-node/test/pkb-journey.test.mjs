/** Where PKB's guide for partners goes on after linking: data that is sent comes back, page by page and resource by resource, and what is new is watched for. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { jsonText, PkbError, TypeValidationError } from "../dist/index.js";
import { patientsKnowBest } from "./sandbox.mjs";
import { SimpleStore } from "./stores.mjs";

const PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id";
const ORG_CODE = "http://fhir.patientsknowbest.com/id/org-code";

let place;
let pkb;
let appUserId;
let publicId;
before(async (t) => {
  place = await patientsKnowBest(t);
  const { clientId, clientSecret, tokenUrl, aggregatedUrl, customerUrl } = place.announced.customer;
  const facade = { tokenUrl: place.announced.systemTokenUrl };
  const endpoints = {
    ...place.config.endpoints,
    facade,
    aggregated: { url: aggregatedUrl, tokenUrl },
    customer: { url: customerUrl },
  };
  const { system } = place;
  const linked = await place.linked({
    store: new SimpleStore(),
    endpoints,
    systemClient: { clientId: system.clientId, clientSecret: system.clientSecret },
    customerSystemClient: { clientId, clientSecret },
  });
  ({ pkb, appUserId, publicId } = linked);
  await pkb.joinOrganisation({ orgPublicId: system.orgPublicId, appUserId });
});

/** A transaction of an organisation, a patient of it, and what was measured of them. */
function measured(values) {
  const [organization, patient] = ["urn:uuid:6f8c1f8e-0001", "urn:uuid:6f8c1f8e-0002"];
  const observation = (value) =>
    `{"fullUrl":"urn:uuid:${crypto.randomUUID()}","request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final",` +
    `"subject":{"reference":"${patient}"},"effectiveDateTime":"2026-07-01T09:00:00Z","code":{"text":"Body weight"},"valueQuantity":{"value":${value},"unit":"kg"}}}`;
  const entries = [
    `{"fullUrl":"${organization}","request":{"method":"POST","url":"Organization"},"resource":{"resourceType":"Organization","identifier":[{"system":"${ORG_CODE}","value":"acme"}]}}`,
    `{"fullUrl":"${patient}","request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","identifier":[{"system":"${PUBLIC_ID}","value":"${publicId}"}],"managingOrganization":{"reference":"${organization}"}}}`,
    ...values.map(observation),
  ];
  return `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(",")}]}`;
}

test("what is sent to Customer is found in Aggregated with all its digits, resource by resource", async () => {
  const outcomes = await pkb.fhirTransaction({ bundle: measured(["86.50", "86.10"]) });
  assert.deepEqual(
    outcomes.map(({ statusCode }) => statusCode),
    [201, 201, 201, 201],
  );
  assert.ok(outcomes.every(({ id, issues }) => id && issues.length === 0));
  const values = [];
  const search = { surface: "aggregated", appUserId, resourceType: "Observation", parameters: { _count: 1 } };
  for await (const { resource, searchMode } of pkb.fhirSearchResources(search)) {
    assert.equal(searchMode, "match");
    values.push(/"value":([\d.]+)/.exec(jsonText(resource))[1]);
  }
  assert.deepEqual(values.sort(), ["86.10", "86.50"]);
});

test("pages of Aggregated are found with links, without, and where they lead to an inner host", async () => {
  const search = { surface: "aggregated", appUserId, resourceType: "Condition", parameters: { _count: 1 } };
  const counts = {};
  for (const aggregatedPaging of ["next", "none", "inner"]) {
    await place.control("pkb/modes", { aggregatedPaging }, "PUT");
    const ids = new Set();
    for await (const page of pkb.fhirSearch(search)) for (const { resource } of page.entry ?? []) ids.add(resource.id);
    counts[aggregatedPaging] = ids.size;
  }
  await place.control("pkb/modes", { aggregatedPaging: "next" }, "PUT");
  assert.ok(counts.next > 1);
  assert.deepEqual(counts, { next: counts.next, none: counts.next, inner: counts.next });
});

test("a resource is made, read and replaced, and only in the version that is meant", async () => {
  const made = await pkb.fhirCreate({ resource: { resourceType: "Organization", name: "A surgery" } });
  assert.equal(made.statusCode, 201);
  const read = await pkb.fhirRead({ surface: "customer", resourceType: "Organization", id: made.id });
  assert.equal(read.name, "A surgery");
  const replaced = await pkb.fhirUpdate({ resource: { ...read, name: "Another" }, ifVersion: made.versionId });
  assert.equal(replaced.resource.name, "Another");
  assert.notEqual(replaced.versionId, made.versionId);
});

test("of a batch each entry has its outcome, refused ones among them", async () => {
  const entry = [
    { request: { method: "GET", url: "Organization?_id=none" } },
    { request: { method: "GET", url: "Organization/none" } },
  ];
  const outcomes = await pkb.fhirBatch({ bundle: { resourceType: "Bundle", type: "batch", entry } });
  assert.deepEqual(
    outcomes.map(({ statusCode }) => statusCode),
    [200, 404],
  );
  assert.equal(outcomes[0].resource.type, "searchset");
  assert.ok(outcomes[1].issues.length > 0);
});

test("what PKB does not let a client do is refused by name before anything is sent", async () => {
  const { calls } = await place.tally();
  const orgPublicId = place.system.orgPublicId;
  const refusals = [
    [() => pkb.request({ path: "/json/users/self", orgPublicId }), "options.orgPublicId"],
    [() => pkb.fhirRead({ surface: "customer", appUserId, resourceType: "Patient", id: "1" }), "options.appUserId"],
    [() => pkb.fhirRead({ surface: "rest", resourceType: "Patient", id: "1" }), "options.surface"],
    [
      () => pkb.fhirTransaction({ bundle: { resourceType: "Bundle", type: "batch", entry: [] } }),
      "options.bundle.type",
    ],
  ];
  for (const [call, path] of refusals) {
    await assert.rejects(call, (error) => error instanceof TypeValidationError && error.path === path);
  }
  assert.equal((await place.tally()).calls, calls);
});

test("a token is handed out for the API that it serves at", async () => {
  const { accessToken } = await pkb.getSystemToken({ surface: "customer" });
  const { customerUrl } = place.announced.customer;
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/fhir+json" };
  assert.equal((await fetch(`${customerUrl}/metadata`, { headers })).status, 200);
  await assert.rejects(pkb.request({ surface: "customer", path: "NoSuchType" }), PkbError);
});

test("a record that changes is given by whoever watches, once it was dealt with not again", async () => {
  const seen = [];
  for await (const change of pkb.watch({ every: 1000, perSecond: 50 })) {
    seen.push(change);
    if (seen.length === 2) break;
    await pkb.fhirTransaction({ bundle: measured(["86.00"]) });
  }
  assert.deepEqual(
    seen.map((change) => [change.appUserId, change.publicId]),
    [
      [appUserId, publicId],
      [appUserId, publicId],
    ],
  );
  assert.equal(seen[0].previous, undefined);
  assert.equal(seen[1].previous, seen[0].lastChange);
  assert.notEqual(seen[1].lastChange, seen[0].lastChange);
});
