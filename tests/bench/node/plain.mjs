/** The same work as an application would write it without an SDK, from the usual libraries. */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import { Readable } from "node:stream";
import { brotliDecompressSync } from "node:zlib";
import got from "got";
import jwt from "jsonwebtoken";
import { platform, run } from "./works.mjs";

const { applicationId, contractId, onboardUrl, userAccessToken } = platform;
/** The PEM text in hand, or with `parsed` as the last argument a key object that is made once. */
const key = process.argv[4] === "parsed" ? createPrivateKey(platform.privateKey) : platform.privateKey;
let client;
let api;
let storage;

function sign(claims) {
  return jwt.sign(claims, key, { algorithm: "PS512", noTimestamp: true });
}

function bearer(claims) {
  const nonce = randomBytes(16).toString("hex");
  const token = sign({ client_id: `${applicationId}_${contractId}`, nonce, timestamp: Date.now(), ...claims });
  return { authorization: `Bearer ${token}` };
}

function asUser() {
  return bearer({ access_token: userAccessToken.accessToken.value });
}

function forStorage() {
  const header = { typ: "at+jwt", kid: `${contractId}_${applicationId}_0` };
  const claims = { sub: applicationId, iss: contractId, aud: "cloud" };
  const token = jwt.sign(claims, key, { algorithm: "PS512", header, expiresIn: 60 });
  return { authorization: `Bearer ${token}` };
}

const keySets = new Map();

async function verified(token) {
  const { jku, kid } = jwt.decode(token, { complete: true }).header;
  if (!keySets.has(jku)) keySets.set(jku, await client(jku).json());
  const { pem } = keySets.get(jku).keys.find((candidate) => candidate.kid === kid);
  return jwt.verify(token, pem, { algorithms: ["PS512"] });
}

async function authorize() {
  const codeVerifier = randomBytes(32).toString("base64url");
  const headers = bearer({
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    code_challenge_method: "S256",
    redirect_uri: "http://localhost/return",
    response_mode: "query",
    response_type: "code",
    state: "bench-state",
  });
  const json = { agent: { sdk: { name: "nodejs", version: "16.1.5", meta: { node: process.version } } } };
  const { token, session } = await api.post("oauth/authorize", { headers, json }).json();
  const url = new URL("authorize", onboardUrl);
  url.searchParams.set("code", (await verified(token)).preauthorization_code);
  return { url: url.href, codeVerifier, session };
}

async function exchange() {
  const headers = bearer({ grant_type: "authorization_code", code: "c".repeat(64), code_verifier: "v".repeat(43) });
  const { token } = await api.post("oauth/token", { headers }).json();
  return await verified(token);
}

async function push(content) {
  const metadata = {
    mimeType: "application/pdf",
    accounts: [{ accountId: "bench-account" }],
    reference: ["push.pdf"],
  };
  const headers = { ...asUser(), "content-type": "application/octet-stream", filedescriptor: sign({ metadata }) };
  await api.post("permission-access/import", { headers, body: content });
}

function decipher(head) {
  const fileKey = privateDecrypt({ key, oaepHash: "sha1" }, head.subarray(0, 256));
  return createDecipheriv("aes-256-cbc", fileKey, head.subarray(256, 272));
}

/** Five at once, as the SDK begins; from afar all of them, as the JavaScript SDK does. */
async function read(sessionKey, onFileData) {
  const session = `permission-access/query/${sessionKey}`;
  const { fileList } = await api(session, { headers: asUser() }).json();
  const names = fileList.values();
  const task = async () => {
    for (const { name } of names) {
      const { headers, body } = await api(`${session}/${name}`, { headers: asUser(), responseType: "buffer" });
      const { compression } = JSON.parse(Buffer.from(headers["x-metadata"], "base64url"));
      const opening = decipher(body);
      const content = Buffer.concat([opening.update(body.subarray(272)), opening.final()]);
      onFileData(compression === "brotli" ? brotliDecompressSync(content) : content);
    }
  };
  await Promise.all(Array.from({ length: platform.ca ? fileList.length : 5 }, task));
}

async function* sealed(content) {
  const [fileKey, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv("aes-256-cbc", fileKey, iv);
  yield Buffer.concat([publicEncrypt({ key, oaepHash: "sha1" }, fileKey), iv]);
  for await (const chunk of content) yield cipher.update(chunk);
  yield cipher.final();
}

async function upload(content) {
  const headers = { ...forStorage(), "content-type": "application/octet-stream" };
  await storage.post("upload", { headers, body: Readable.from(sealed(content)) });
}

async function* download(mebibytes) {
  let head = Buffer.alloc(0);
  let opening;
  for await (const chunk of storage.stream(`${mebibytes}`, { headers: forStorage() })) {
    if (opening) {
      yield opening.update(chunk);
    } else {
      head = Buffer.concat([head, chunk]);
      if (head.length < 272) continue;
      opening = decipher(head);
      yield opening.update(head.subarray(272));
    }
  }
  yield opening.final();
}

async function* search(parameters) {
  const headers = { authorization: `Bearer ${"t".repeat(64)}`, accept: "application/fhir+json" };
  let url = new URL("fhir/Observation", platform.pkbBaseUrl);
  url.search = new URLSearchParams(parameters);
  while (url) {
    const page = await client(url, { headers }).json();
    yield page;
    url = page.link.find(({ relation }) => relation === "next")?.url;
  }
}

await run(() => {
  const far = { http2: platform.http2, https: { certificateAuthority: platform.ca } };
  client = platform.ca ? got.extend(far) : got;
  api = client.extend({ prefixUrl: platform.baseUrl });
  storage = client.extend({
    prefixUrl: `${platform.cloudBaseUrl}clouds/bench-storage/files/apps/${applicationId}`,
  });
  return { authorize, exchange, push, read, upload, download, search };
});
