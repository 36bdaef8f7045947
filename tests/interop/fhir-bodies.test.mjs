/** That what the SDK sends to Customer and reads from Aggregated is FHIR R4, by a validator that is not this project's. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { before, test } from "node:test";
import { check } from "./r4.mjs";
import { sdk } from "./sdk.mjs";

const PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id";
const ORG_CODE = "http://fhir.patientsknowbest.com/id/org-code";
const DIGITS = ["86.50", "0.10", "120", "0.12345678901234567890"];
const TYPES = ["Appointment", "Condition", "MedicationStatement", "Observation", "Patient"];
const appUserId = "user-1";

let pkb;
let customer;
let person;
/** The ids at Customer of an organisation, a patient, and a measurement for each of the digits. */
let sent;
before(async (t) => {
  const sandbox = spawn(process.env.DIGIME_SANDBOX_BIN, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => sandbox.kill());
  const [line] = await once(createInterface(sandbox.stdout), "line");
  const { pkb: place } = JSON.parse(line);
  const { system } = place;
  ({ customer } = place);
  [person] = place.people;
  pkb = sdk.initPkb({
    clientId: place.clientId,
    redirectUri: place.redirectUris[0],
    environment: "sandbox",
    endpoints: {
      baseUrl: place.baseUrl,
      facade: { tokenUrl: place.systemTokenUrl },
      aggregated: { url: customer.aggregatedUrl, tokenUrl: customer.tokenUrl },
      customer: { url: customer.customerUrl },
    },
    systemClient: { clientId: system.clientId, clientSecret: system.clientSecret },
    customerSystemClient: { clientId: customer.clientId, clientSecret: customer.clientSecret },
  });
  const { url } = await pkb.getLinkUrl({ appUserId });
  await pkb.completeLink({ appUserId, callbackUrl: await approved(url) });
  await pkb.joinOrganisation({ orgPublicId: system.orgPublicId, appUserId });
  sent = (await pkb.fhirTransaction({ bundle: transaction() })).map(({ id }) => id);
});

/** Approves as the person, and gives the address that they come back to. */
async function approved(url) {
  const { origin, pathname, searchParams } = new URL(url);
  const { login, password } = person;
  const body = new URLSearchParams([...searchParams, ...Object.entries({ login, password, decision: "approve" })]);
  const answer = await fetch(`${origin}${pathname}`, { method: "POST", body, redirect: "manual" });
  return answer.headers.get("location");
}

/** A transaction as text, valid as it is, with numbers of any number of digits. */
function transaction() {
  const [own, theirs] = [randomUUID(), randomUUID()].map((id) => `urn:uuid:${id}`);
  const organization = { resourceType: "Organization", identifier: [{ system: ORG_CODE, value: "acme" }] };
  const identifier = [{ system: PUBLIC_ID, value: person.publicId }];
  const patient = { resourceType: "Patient", identifier, managingOrganization: { reference: own } };
  const entries = [
    entry("Organization", own, JSON.stringify(organization)),
    entry("Patient", theirs, JSON.stringify(patient)),
    ...DIGITS.map((digits) => entry("Observation", `urn:uuid:${randomUUID()}`, observation(theirs, digits))),
  ];
  return `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(",")}]}`;
}

function entry(url, fullUrl, resource) {
  return `{"fullUrl":"${fullUrl}","resource":${resource},"request":{"method":"POST","url":"${url}"}}`;
}

/** A measurement of somebody, as text. */
function observation(subject, digits) {
  const measured = {
    resourceType: "Observation",
    status: "final",
    code: { text: "Body weight" },
    subject: { reference: subject },
    effectiveDateTime: "2026-07-01T09:00:00Z",
    valueQuantity: { value: 0, unit: "kg" },
  };
  return JSON.stringify(measured).replace('"value":0', `"value":${digits}`);
}

/** What Customer was sent, as another client than the SDK reads it: its text. */
async function stored(resourceType, id) {
  const { accessToken } = await pkb.getSystemToken({ surface: "customer" });
  const headers = { authorization: `Bearer ${accessToken}`, accept: "application/fhir+json" };
  return (await fetch(`${customer.customerUrl}/${resourceType}/${id}`, { headers })).text();
}

/** The digits of the quantity in a text. */
function digitsOf(text) {
  return /"value":\s*([\d.]+)/.exec(text)[1];
}

async function found(resourceType) {
  const resources = [];
  const search = { surface: "aggregated", appUserId, resourceType };
  for await (const { resource } of pkb.fhirSearchResources(search)) resources.push(resource);
  return resources;
}

test("what is sent in a transaction is R4 with all its digits", async () => {
  check("Bundle", JSON.parse(transaction()));
  const [own, theirs, ...measured] = sent;
  check("Organization", JSON.parse(await stored("Organization", own)));
  check("Patient", JSON.parse(await stored("Patient", theirs)));
  const texts = await Promise.all(measured.map((id) => stored("Observation", id)));
  for (const text of texts) check("Observation", JSON.parse(text));
  assert.deepEqual(texts.map(digitsOf), DIGITS);
});

test("what is sent alone is R4 with all its digits", async () => {
  const { id } = await pkb.fhirCreate({ resource: observation(`Patient/${sent[1]}`, "72.00") });
  const made = await stored("Observation", id);
  check("Observation", JSON.parse(made));
  assert.equal(digitsOf(made), "72.00");
  await pkb.fhirUpdate({ resource: made.replace("72.00", "72.010") });
  const replaced = await stored("Observation", id);
  check("Observation", JSON.parse(replaced));
  assert.equal(digitsOf(replaced), "72.010");
});

for (const resourceType of TYPES) {
  test(`every page of Aggregated is a Bundle of R4: ${resourceType}`, async () => {
    const search = { surface: "aggregated", appUserId, resourceType, parameters: { _count: 3 } };
    const entries = [];
    for await (const page of pkb.fhirSearch(search)) {
      check("Bundle", page);
      entries.push(...page.entry);
    }
    assert.ok(entries.length > 0);
    for (const { resource } of entries) check(resourceType, resource);
    assert.deepEqual(
      await found(resourceType),
      entries.map(({ resource }) => resource),
    );
  });
}

test("numbers of Aggregated have the digits with which they were sent", async () => {
  const measured = (await found("Observation")).map((resource) => digitsOf(sdk.jsonText(resource)));
  for (const digits of DIGITS) assert.ok(measured.includes(digits), `${digits} is not among ${measured}`);
  const taken = (await found("MedicationStatement")).map((resource) => digitsOf(sdk.jsonText(resource)));
  assert.deepEqual(taken.sort(), ["10.0", "2.50"]);
});

for (const surface of ["aggregated", "customer"]) {
  test(`the metadata are a CapabilityStatement of R4: ${surface}`, async () => {
    const { body } = await pkb.request({ surface, path: "metadata" });
    check("CapabilityStatement", body);
    assert.match(body.fhirVersion, /^4\.0/);
  });

  test(`the refusal of a read is an OperationOutcome of R4: ${surface}`, async () => {
    await assert.rejects(pkb.fhirRead({ surface, resourceType: "Patient", id: "none" }), (error) => {
      assert.ok(error instanceof sdk.FhirError);
      check("OperationOutcome", error.operationOutcome);
      return true;
    });
  });
}

const WRONG = [{ status: undefined }, { effectiveDateTime: "1 July 2026" }, { colour: "blue" }, { valueInteger: 3 }];
for (const wrong of WRONG) {
  test(`a body that is not R4 fails the check: ${Object.keys(wrong)}`, () => {
    const body = { ...JSON.parse(observation("Patient/1", "1")), ...wrong };
    assert.throws(() => check("Observation", body));
  });
}
