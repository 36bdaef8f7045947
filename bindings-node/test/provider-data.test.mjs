/** What a care provider may refuse is found before it is sent. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { init, ProviderDataError, TypeValidationError } from "../dist/index.js";
import { contractDetails, platform, userAccessToken } from "./platform.mjs";

const subject = { reference: "urn:uuid:secret-7" };
const observation = { resourceType: "Observation", meta: { profile: ["http://example.org"] }, subject };
const request = { method: "POST", url: "Observation" };
const bundle = { resourceType: "Bundle", type: "batch", entry: [{ resource: observation, request }] };
const FOUND = ["warning kind-resources entry", "warning observation-loinc entry[0].resource.code"].concat(
  "error reference-display entry[0].resource.subject.display",
);

const told = (findings) => findings.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

/** A digi.me that counts what it is asked. */
async function counting(t) {
  const asked = [];
  const config = await platform(t, (message, response) => {
    asked.push(message.url);
    message.resume().on("end", () => response.end("{}"));
  });
  return { asked, sdk: init(config) };
}

test("data is looked at as an object, as text and as bytes, and nobody is asked", async (t) => {
  const { asked, sdk } = await counting(t);
  const text = JSON.stringify(bundle);
  for (const data of [bundle, text, Buffer.from(text)]) {
    const findings = await sdk.checkProviderData({ data, version: "stu3" });
    assert.deepEqual(told(findings), FOUND);
    for (const { message } of findings) assert.equal(typeof message, "string");
  }
  assert.deepEqual(asked, []);
  await assert.rejects(sdk.checkProviderData({ data: "[1]", version: "stu3" }), TypeValidationError);
  await assert.rejects(sdk.checkProviderData({ data: bundle, version: "r4" }), TypeValidationError);
});

test("a push that is checked and has an error is not sent, and its error has all that was found", async (t) => {
  const { asked, sdk } = await counting(t);
  const push = { type: "provider", contractDetails, userAccessToken, accountId: "1", version: "stu3", data: bundle };
  const error = await sdk.pushData({ ...push, check: true }).catch((error) => error);
  assert.ok(error instanceof ProviderDataError);
  assert.equal(error.code, "ERR_PROVIDER_DATA");
  assert.deepEqual(told(error.findings), FOUND);
  assert.match(error.message, /1 error in findings, the first at entry\[0\]\.resource\.subject\.display/);
  assert.doesNotMatch(`${error.message}${JSON.stringify(error.findings)}`, /secret-7/);
  assert.deepEqual(asked, []);
  await sdk.pushData(push);
  assert.equal(asked.length, 1);
});
