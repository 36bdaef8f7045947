/** A number keeps its digits, a document its members, a value its identity. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { init, initPkb, jsonText, TypeValidationError } from "../dist/index.js";
import { bodyOf, contractDetails, platform, userAccessToken } from "./platform.mjs";

const RESOURCE =
  '{"resourceType":"Observation","value":1.10,"zero":0.00,"pi":3.14159265358979323846,"large":18446744073709551615,' +
  '"level":12.470849999999999,"__proto__":{"kept":true},"twice":1,"twice":2,"half":"\\ud800"}';
const providerPush = { type: "provider", contractDetails, userAccessToken, accountId: "1", version: "stu3" };
const ORGANISATION = { orgPublicId: "an-organisation" };

let answer;
let heard;
let pkb;
let digiMe;
before(async (t) => {
  const { baseUrl, applicationId } = await platform(t, async (request, response) => {
    const body = await bodyOf(request);
    response.setHeader("content-type", "application/fhir+json");
    if (request.url === "/token") return response.end(JSON.stringify({ access_token: "a-token", expires_in: 3600 }));
    heard = body.toString();
    response.end(answer);
  });
  pkb = initPkb({
    clientId: "a-client",
    environment: "sandbox",
    redirectUri: "http://127.0.0.1/return",
    systemClient: { clientId: "a-system", clientSecret: "a-secret" },
    endpoints: { baseUrl, facade: { tokenUrl: `${baseUrl}token` } },
  });
  digiMe = init({ applicationId, baseUrl });
});

/** The body as it arrives that is sent for `body`. */
async function sent(body) {
  answer = "{}";
  await pkb.request({ ...ORGANISATION, path: "/anything", method: "PUT", body });
  return heard;
}

const read = () => pkb.fhirRead({ ...ORGANISATION, resourceType: "Observation", id: "1" });

test("a resource is what JSON.parse makes of it, and its text is had on request", async () => {
  answer = RESOURCE;
  const resource = await read();
  assert.deepEqual(Object.entries(resource), Object.entries(JSON.parse(RESOURCE)));
  assert.equal(Object.getPrototypeOf(resource), Object.prototype);
  assert.equal(jsonText(resource), RESOURCE);
});

test("what an application understands goes along with a call as it was given, whatever it is", async () => {
  answer = '{"session":{"key":"a-key","expiry":1}}';
  const session = { contractDetails, userAccessToken };
  const ontology = { name: "fhir", version: "R4" };
  for (const consumer of [
    { version: "2", objectVersions: { service: { 19: [{ ontology }] } }, other_name: null },
    { objectversions: 5 },
    "no object",
  ]) {
    await digiMe.readSession({ ...session, consumer });
    assert.deepEqual(JSON.parse(heard).agent.consumer, consumer);
  }
  await digiMe.readSession(session);
  assert.equal("consumer" in JSON.parse(heard).agent, false);
});

test("a page, the body of an answer and an account have their texts; anything else has none", async () => {
  answer = `{"resourceType":"Bundle","entry":[${RESOURCE}]}`;
  for await (const page of pkb.fhirSearch({ ...ORGANISATION, resourceType: "Questionnaire" })) {
    assert.equal(jsonText(page), answer);
    assert.equal(jsonText(page.entry[0]), undefined);
  }
  const response = await pkb.request({ ...ORGANISATION, path: "/anything" });
  assert.equal(jsonText(response.body), answer);
  assert.equal(jsonText(response), undefined);
  const account = '{"id":"1","balance":1.10}';
  answer = `[${account},{"id":"2"}]`;
  const { accounts } = await digiMe.readAccounts({ contractDetails, userAccessToken });
  assert.deepEqual(accounts.map(jsonText), [account, '{"id":"2"}']);
  assert.deepEqual(accounts, [{ id: "1", balance: 1.1 }, { id: "2" }]);
  for (const other of [undefined, null, 1, "{}", {}, []]) assert.equal(jsonText(other), undefined);
});

test("a refusal has its OperationOutcome as it came", async (t) => {
  const outcome = '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}],"at":1.10}';
  const { baseUrl } = await platform(t, (request, response) => {
    request.resume();
    if (request.url === "/token") return response.end(JSON.stringify({ access_token: "a-token", expires_in: 3600 }));
    response.statusCode = 422;
    response.end(outcome);
  });
  const refusing = initPkb({
    clientId: "a-client",
    environment: "sandbox",
    redirectUri: "http://127.0.0.1/return",
    systemClient: { clientId: "a-system", clientSecret: "a-secret" },
    endpoints: { baseUrl, facade: { tokenUrl: `${baseUrl}token` } },
  });
  const error = await refusing
    .fhirRead({ ...ORGANISATION, resourceType: "Observation", id: "1" })
    .catch((error) => error);
  assert.equal(error.name, "FhirError");
  assert.equal(jsonText(error.operationOutcome), outcome);
});

test("text that is read, edited and written keeps every digit of the rest", async () => {
  answer = RESOURCE;
  const text = jsonText(await read());
  const edited = text.replace('"twice":2', '"twice":3');
  assert.equal(await sent(edited), edited);
  assert.equal(await sent(Buffer.from(edited)), edited);
});

test("an object that is read, edited and written is what JSON.stringify makes of it", async () => {
  answer = RESOURCE;
  const resource = await read();
  resource.edited = [1e21, 1e-7, 5e-324, 0.1, -0, 123456789012345680000, "\u20ac\ud800\n", true, null];
  assert.equal(await sent(resource), JSON.stringify(resource));
});

test("whole numbers of any size are given as BigInt", async () => {
  const large = { value: 123456789012345678901234567890n, small: -1n };
  assert.equal(await sent(large), '{"value":123456789012345678901234567890,"small":-1}');
});

test("what JSON has no word for is refused by its path", async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    await assert.rejects(sent({ reading: [{ value }] }), (error) => {
      assert(error instanceof TypeValidationError);
      assert.match(error.message, /options\.body\.reading\[0\]\.value: is not a finite number/);
      return true;
    });
  }
  await assert.rejects(sent({ "\ud800": 1 }), { name: "TypeValidationError", message: /options\.body/ });
  await assert.rejects(sent("{nothing"), { name: "TypeValidationError", message: /options\.body: expected JSON/ });
});

test("JSON text with a lone surrogate is refused by its path, and nothing is sent", async () => {
  heard = undefined;
  for (const body of ['{"note":"a\ud800b","value":1.10}', '"\udc00"', "\ud800"]) {
    await assert.rejects(sent(body), {
      name: "TypeValidationError",
      path: "options.body",
      message: /options\.body: expected JSON, got text with a lone surrogate/,
    });
  }
  const data = '{"note":"\ud800"}';
  await assert.rejects(digiMe.pushData({ ...providerPush, data }), {
    name: "TypeValidationError",
    path: "options.data",
    message: /options\.data: expected JSON, got text with a lone surrogate/,
  });
  assert.equal(heard, undefined);
  assert.equal(await sent({ note: "\ud800" }), '{"note":"\\ud800"}');
  assert.equal(await sent('{"note":"\\ud800"}'), '{"note":"\\ud800"}');
});

test("objects that wrap a primitive are the primitive, as JSON.stringify has them", async () => {
  answer = "{}";
  class Kilograms extends Number {
    valueOf() {
      return 87;
    }
  }
  const looksLike = { [Symbol.toStringTag]: "Number", a: 1 };
  const kept = { value: new Number(86.5), unit: new String("k\ud800"), b: new Boolean(false), own: new Kilograms(1) };
  const json = { toJSON: () => new String("by toJSON") };
  const boxed = { deep: [[{ ...kept, json }]], symbol: Object(Symbol("a")), looksLike };
  assert.equal(await sent(boxed), JSON.stringify(boxed));
  assert.equal(await sent({ n: Object(5n), large: Object(2n ** 70n) }), `{"n":5,"large":${2n ** 70n}}`);
  for (const body of [new Number(1.5), new Boolean(true), Object(5n)]) assert.equal(await sent(body), `${body}`);
  await digiMe.pushData({ ...providerPush, data: { resourceType: "Observation", ...kept } });
  assert.equal(heard, JSON.stringify({ resourceType: "Observation", ...kept }));
  await assert.rejects(sent({ reading: new Number(Number.NaN) }), {
    name: "TypeValidationError",
    message: /options\.body\.reading: is not a finite number/,
  });
  const unable = Object.assign(new Number(1), { valueOf: () => assert.fail("of the application's own") });
  await assert.rejects(sent({ unable }), { message: "of the application's own" });
});

test("a document of any depth is read, and written as text", async () => {
  for (const depth of [200, 100_000]) {
    const deep = `{"a":${"[".repeat(depth)}1.10${"]".repeat(depth)}}`;
    answer = deep;
    const { body } = await pkb.request({ ...ORGANISATION, path: "/anything" });
    assert.equal(jsonText(body), deep);
    assert.equal(await sent(deep), deep);
  }
});

test("FHIR data is pushed as the text or the bytes that are given", async () => {
  answer = "{}";
  for (const data of [RESOURCE, Buffer.from(RESOURCE)]) {
    await digiMe.pushData({ ...providerPush, data });
    assert.equal(heard, RESOURCE);
  }
  await assert.rejects(
    digiMe.pushData({ ...providerPush, data: "[1]" }),
    /options\.data: expected an object, got an array/,
  );
});
