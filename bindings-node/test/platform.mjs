/** A platform of a few lines on the loopback address, and what an application holds to talk to it. */

import { constants, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const pem = {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
};
const applicationsKey = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem });
const platformsKey = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem });

const FAR_FUTURE = 4102444800;

export const contractDetails = { contractId: "test-contract", privateKey: applicationsKey.privateKey };

export const userAccessToken = {
  accessToken: { value: "first-access-token", expiry: FAR_FUTURE },
  refreshToken: { value: "first-refresh-token", expiry: FAR_FUTURE },
};

/** The options of a push of `fileData` to the library. */
export function aPushOf(fileData, more = {}) {
  const fileDescriptor = { mimeType: "application/pdf", accounts: [{ accountId: "an-account" }] };
  return { contractDetails, userAccessToken, data: { fileData, fileName: "report.pdf", fileDescriptor }, ...more };
}

/** Starts a server, which `t`, the test, ends; its address, as one of plain HTTP. */
export async function listening(t, server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/**
 * Starts a platform, which `t`, the test, ends. `answer` is given a request and its response; the configuration that leads there
 * comes back.
 */
export async function platform(t, answer) {
  return { applicationId: "test-application", baseUrl: await listening(t, createServer(answer)) };
}

/** The keys that the platform's tokens are verified with. */
export const jwks = { keys: [{ kid: "a-key", pem: platformsKey.publicKey }] };

/** A token of the platform with these claims, in answer to a request. Its keys are under `/jwks`. */
export function aTokenOf(claims, request) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { alg: "PS512", typ: "JWT", jku: `http://${request.headers.host}/jwks`, kid: "a-key" };
  const signed = `${encode(header)}.${encode(claims)}`;
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return `${signed}.${sign("sha512", signed, { key: platformsKey.privateKey, ...padding }).toString("base64url")}`;
}

const part = (value) => ({ value, expires_on: FAR_FUTURE });

/** What the platform says of a token that it hands out. */
export const secondTokenClaims = {
  access_token: part("second-access-token"),
  refresh_token: part("second-refresh-token"),
  sub: "a-user",
};

/** Answers as a platform that knows one access token to be expired and hands out another. */
export function refreshing(request, response) {
  const path = new URL(request.url, "http://platform").pathname;
  request.resume();
  if (path === "/jwks") return response.end(JSON.stringify(jwks));
  if (path === "/oauth/token") return response.end(JSON.stringify({ token: aTokenOf(secondTokenClaims, request) }));
  response.statusCode = 401;
  response.end();
}

/** The claims of the token that signs a request. */
export function claimsOf({ headers }) {
  return JSON.parse(Buffer.from(headers.authorization.split(".")[1], "base64url").toString());
}

/**
 * Answers as a platform that knows the first access token to be expired, and says so while the file is still being sent: the rest it
 * takes and drops, as Node's servers do. A file that comes whole with the second token goes to `stored`, any other request to `others`.
 */
export function expiring(stored, others = (_, response) => response.end("[]")) {
  return async (request, response) => {
    if (new URL(request.url, "http://platform").pathname === "/jwks" || request.url === "/oauth/token")
      return refreshing(request, response);
    const isExpired = claimsOf(request).access_token !== "second-access-token";
    if (request.method !== "POST") return isExpired ? refreshing(request, response) : others(request, response);
    if (isExpired) return request.once("data", () => refreshing(request, response));
    try {
      stored.push(await bodyOf(request));
      response.end();
    } catch {
      // It broke off: nothing is stored.
    }
  };
}

/** All bytes of a request's body. */
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
