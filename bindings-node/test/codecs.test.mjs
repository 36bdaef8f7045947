/** What the codecs take for the types that they are named after. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { isLeft, isRight } from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { PathReporter } from "io-ts/lib/PathReporter.js";
import * as sdk from "../dist/index.js";
import { contractDetails, userAccessToken } from "./platform.mjs";

const service = { id: 1, serviceObjectTypes: [{ id: 2 }] };
const serviceGroup = { id: 3, serviceTypes: [service] };
const timeRange = { from: 1, to: 2.5, last: "6m" };
const scope = { timeRanges: [timeRange], serviceGroups: [serviceGroup], criteria: [{ last: "1y", metadata: {} }] };
const filter = { account: { id: ["an-account"] } };

const medigi = { name: "me.digi", version: "v1" };
const stu3 = { name: "fhir", version: "STU3" };
const r4 = { name: "fhir", version: "r4" };

/** What each codec takes, and what it does not. */
const EXAMPLES = {
  UserAccessToken: [
    [userAccessToken, { ...userAccessToken, user: {}, consentid: "a-consent", more: 1 }],
    [{}, { ...userAccessToken, user: null }, { ...userAccessToken, accessToken: { value: "a", expiry: "soon" } }],
  ],
  Session: [[{ key: "a-key", expiry: 1 }], [{ key: "a-key" }, { key: 1, expiry: 1 }, { key: "a-key", expiry: 1.5 }]],
  CAScope: [
    [{}, scope],
    [{ timeRanges: {} }, { serviceGroups: [{ id: 3 }] }],
  ],
  ContractDetails: [[contractDetails], [{ ...contractDetails, contractId: "" }, { contractId: "a-contract" }]],
  ContractDetailsRaw: [[contractDetails], [{}]],
  ServiceGroup: [[serviceGroup], [{ ...serviceGroup, serviceTypes: [{}] }]],
  Service: [[service], [{ id: 1 }]],
  TimeRange: [
    [{}, timeRange, { from: undefined }],
    [{ last: 6 }, { from: "1" }],
  ],
  SampleDataOptions: [[{ dataSet: "a-set" }, { dataSet: "a-set", autoOnboard: true }], [{ autoOnboard: true }]],
  SourceType: [["pull", "push"], ["pulled"]],
  SourceFetchFilter: [[filter], [{}, { account: { id: "an-account" } }]],
  PullSessionOptions: [
    [{}, { limits: { duration: { sourceFetch: 1 } }, scope, sourceFetch: true, sourceFetchFilter: filter }],
    [{ limits: { duration: 1 } }, { sourceFetch: "yes" }],
  ],
  DataType: [sdk.availableDataTypes, ["hospital"]],
  OrganizationType: [sdk.availableOrganizationTypes, ["images"]],
  Schemas: [
    ["fhir", "me.digi"],
    ["digime", "FHIR"],
  ],
  Ontology: [
    [medigi, stu3, r4, { ...r4, version: "R4", more: 1 }],
    [{ ...medigi, version: "r4" }, { ...r4, name: "hl7" }, { ...r4, version: "r5" }, {}],
  ],
  SourceProxy: [
    [{}, { name: "a-proxy", status: { severity: "full", scopes: ["auth"] } }],
    [{ name: 5 }, { status: { severity: "utter", scopes: [] } }, { status: { severity: "full" } }],
  ],
  SourcesScope: [[{}, { dataType: ["images"], organizationType: "hospital" }], [{ dataType: "images" }]],
};

for (const [name, [takes, refuses]] of Object.entries(EXAMPLES)) {
  test(`${name}Codec takes what is of its type, and nothing else`, () => {
    const { name: named, is, decode, encode } = sdk[`${name}Codec`];
    assert.equal(named, name);
    for (const value of takes) {
      assert.equal(is(value), true, inspect(value));
      assert.deepEqual(decode(value), { _tag: "Right", right: value });
      assert.equal(encode(value), value);
    }
    for (const value of [...refuses, undefined, null, 5, [], () => {}]) {
      assert.equal(is(value), false, inspect(value));
      assert.equal(decode(value)._tag, "Left");
    }
  });
}

test("a data model is told by a codec of its own", () => {
  assert.deepEqual(
    [sdk.MeDigiV1, sdk.FhirStu3, sdk.FhirR4].map(({ name, is }) => [name, ...[medigi, stu3, r4].map(is)]),
    [
      ["MeDigiV1", true, false, false],
      ["FhirStu3", false, true, false],
      ["FhirR4", false, false, true],
    ],
  );
  assert.deepEqual(Object.values(sdk.AvailableSchemas).map(sdk.SchemasCodec.is), [true, true]);
  const [{ message }] = sdk.OntologyCodec.decode({ name: "fhir" }).left;
  assert.equal(message, "Ontology: expected MeDigiV1Ontology | FhirStu3Ontology | FhirR4Ontology");
});

test("every codec that is exported is in this list of examples", () => {
  const exported = Object.keys(sdk).filter((name) => name.endsWith("Codec"));
  assert.deepEqual(
    exported.sort(),
    Object.keys(EXAMPLES)
      .map((name) => `${name}Codec`)
      .sort(),
  );
});

test("decode says of each part that is wrong where it stands, and no message what it is", () => {
  const wrong = { accessToken: { value: 12345, expiry: 1 }, refreshToken: "a-secret" };
  const { left } = sdk.UserAccessTokenCodec.decode(wrong);
  assert.deepEqual(
    left.map(({ message, value }) => [message, value]),
    [
      ["UserAccessToken.accessToken.value: expected string", 12345],
      ["UserAccessToken.refreshToken: expected object", "a-secret"],
    ],
  );
  assert.deepEqual(
    left[0].context.map(({ key, type }) => [key, type.name]),
    [
      ["", "UserAccessToken"],
      ["accessToken", "Token"],
      ["value", "string"],
    ],
  );
  const [{ message }] = sdk.SourcesScopeCodec.decode({ dataType: ["images", 5] }).left;
  assert.match(message, /^SourcesScope\.dataType\.1: expected "medication-information" \| /);
});

test("codecs go together with those of io-ts, by its own functions", () => {
  const { UserAccessTokenCodec, SessionCodec, CAScopeCodec } = sdk;
  const session = { key: "a-key", expiry: 1 };
  const codecs = {
    type: [t.type({ token: UserAccessTokenCodec }), { token: userAccessToken }, { token: {} }],
    partial: [t.partial({ token: UserAccessTokenCodec }), {}, { token: null }],
    array: [t.array(SessionCodec), [session], [{}]],
    record: [t.record(t.string, SessionCodec), { a: session }, { a: 1 }],
    union: [t.union([SessionCodec, t.null]), null, 5],
    intersection: [t.intersection([SessionCodec, t.type({ more: t.number })]), { ...session, more: 1 }, session],
    tuple: [t.tuple([SessionCodec, CAScopeCodec]), [session, {}], [session]],
    readonly: [t.readonly(SessionCodec), session, {}],
    recursion: [t.recursion("Sessions", () => SessionCodec), session, {}],
    refinement: [t.refinement(SessionCodec, ({ expiry }) => expiry > 0), session, { key: "a", expiry: -1 }],
    piped: [t.UnknownRecord.pipe(SessionCodec), session, {}],
    pipe: [SessionCodec.pipe(t.type({ key: t.literal("a-key") })), session, { key: "b", expiry: 1 }],
  };
  for (const [name, [codec, right, wrong]] of Object.entries(codecs)) {
    assert.ok(codec.is(right) && !codec.is(wrong), name);
    const read = codec.decode(right);
    assert.ok(isRight(read), name);
    assert.deepEqual(codec.encode(read.right), right);
    assert.deepEqual(PathReporter.report(read), ["No errors!"]);
    const refused = codec.decode(wrong);
    assert.ok(isLeft(refused), name);
    for (const line of PathReporter.report(refused)) assert.match(line, /expected|Invalid value/);
  }
  assert.equal(t.type({ token: UserAccessTokenCodec }).name, "{ token: UserAccessToken }");
  const [line] = PathReporter.report(t.type({ token: UserAccessTokenCodec }).decode({ token: { accessToken: 1 } }));
  assert.match(line, /token\.accessToken: expected object$/);
});

test("the lists of words are the platform's", () => {
  assert.equal(sdk.availableDataTypes.length, 17);
  assert.equal(sdk.availableOrganizationTypes.length, 24);
});
