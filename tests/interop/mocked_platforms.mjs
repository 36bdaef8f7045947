/** Both platforms as a table of answers, for libraries that stand in for the network, and an application that goes through both. */

import assert from "node:assert/strict";
import { constants, generateKeyPairSync, sign } from "node:crypto";
import { Readable } from "node:stream";
import { sdk } from "./sdk.mjs";

const DIGIME = "https://digime.example";
const PKB = "https://pkb.example";
const PATIENT = "a7bd5b1a-1a5b-4a2e-9a53-2f4a0f0c0a11";

const pem = {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem });
const platformsKey = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem });

export const contractDetails = { contractId: "a-contract", privateKey };

/** A token that digi.me has signed, whose keys are at its own address. */
function signed(claims) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { alg: "PS512", typ: "JWT", jku: `${DIGIME}/jwks`, kid: "a-key" };
  const text = `${encode(header)}.${encode(claims)}`;
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return `${text}.${sign("sha512", text, { key: platformsKey.privateKey, ...padding }).toString("base64url")}`;
}

const part = (value) => ({ value, expires_on: 4102444800 });

/** What is answered, by origin, method and path. What is sent is handed to whoever asks for it. */
export const ANSWERS = [
  [
    DIGIME,
    "POST",
    "/oauth/authorize",
    200,
    { token: signed({ preauthorization_code: "a-code" }), session: { key: "s", expiry: 1 } },
  ],
  [DIGIME, "GET", "/jwks", 200, { keys: [{ kid: "a-key", pem: platformsKey.publicKey }] }],
  [
    DIGIME,
    "POST",
    "/oauth/token",
    200,
    { token: signed({ access_token: part("an-access-token"), refresh_token: part("a-refresh-token"), sub: "a-user" }) },
  ],
  [DIGIME, "POST", "/permission-access/import", 200, {}],
  [DIGIME, "POST", "/permission-access/trigger", 200, { session: { key: "a-session", expiry: 1 } }],
  [
    DIGIME,
    "GET",
    "/permission-access/accounts",
    403,
    { error: { code: "Forbidden", message: "not yours", reference: "r" } },
  ],
  [PKB, "POST", "/apiToken.action", 200, { access_token: "pkb-access", refresh_token: "pkb-refresh", expires_in: 600 }],
  [
    PKB,
    "GET",
    "/fhir/Consent/$purview",
    200,
    {
      resourceType: "Parameters",
      parameter: [{ name: "purview", valueReference: { reference: `Patient/${PATIENT}` } }],
    },
  ],
  [PKB, "GET", `/fhir/Patient/${PATIENT}`, 200, { resourceType: "Patient", id: PATIENT }],
];

/** An application that authorises, pushes a stream, reads, is refused and links a patient, all by this `fetch`. */
export async function goThroughBoth(fetch) {
  const digime = sdk.init({ applicationId: "an-application", baseUrl: DIGIME, fetch, retryOptions: { limit: 0 } });
  const { codeVerifier } = await digime.getAuthorizeUrl({
    contractDetails,
    callback: "https://app.example/back",
    state: "s",
  });
  const asked = { codeVerifier, authorizationCode: "a-code", contractDetails };
  const userAccessToken = await digime.exchangeCodeForToken(asked);
  const user = { contractDetails, userAccessToken };
  assert.equal(userAccessToken.accessToken.value, "an-access-token");
  const fileData = Readable.from([Buffer.alloc(200_000, "a"), Buffer.from("the end")]);
  const fileDescriptor = { mimeType: "text/plain", accounts: [{ accountId: "an-account" }] };
  await digime.pushData({ ...user, data: { fileName: "a.txt", fileDescriptor, fileData } });
  assert.equal((await digime.readSession(user)).session.key, "a-session");
  await assert.rejects(digime.readAccounts(user), (error) => {
    return error instanceof sdk.ServerError && error.error.message === "not yours";
  });

  const pkb = sdk.initPkb({
    clientId: "a-client",
    redirectUri: "https://app.example/linked",
    environment: "sandbox",
    endpoints: { baseUrl: PKB },
    fetch,
  });
  const { state } = await pkb.getLinkUrl({ appUserId: "user-1" });
  const link = await pkb.completeLink({ appUserId: "user-1", code: "a-code", state });
  assert.equal(link.publicId, PATIENT);
  const patient = await pkb.fhirRead({ appUserId: "user-1", resourceType: "Patient", id: PATIENT });
  assert.equal(patient.id, PATIENT);
}

/** What a push has sent: of text, letters are as many as bytes. */
export function isWholePush(body) {
  return body.includes("the end") && body.length > 200_000;
}
