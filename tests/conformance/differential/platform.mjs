// A platform on the loopback address that answers one case at a time as the case says, and notes what it was asked.

import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { ROUTES } from "./answers.mjs";
import { KEYS } from "./calls.mjs";

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" };
const CLOSE_MS = 300_000;
/** The headers that say what is asked, beside the tokens. */
const COMPARED = ["accept", "content-type", "accountid", "redirecturi"];

const OWN_KEY = createPrivateKey(KEYS.contract);
const OWN_PUBLIC_KEY = createPublicKey(KEYS.contract);
const PUBLIC = Object.fromEntries(
  Object.entries(KEYS).map(([name, pem]) => [name, createPublicKey(pem).export({ type: "pkcs1", format: "pem" })]),
);

/** Starts a platform that plays the part that `play` gives it. */
export async function platform() {
  let part;
  const server = createServer(async (request, response) => {
    const { answers, asked, origin } = part;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(noted(request, Buffer.concat(chunks)));
    const [route] =
      Object.entries(ROUTES).find(([, [method, path]]) => method === request.method && path.test(request.url)) ?? [];
    const given = answers[route] ?? [];
    const answer = (given.length > 1 ? given.shift() : given[0]) ?? ROUTES[route]?.[2] ?? { status: 404 };
    respond(response, answer, origin);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    /** Answers on each route with its answers in turn, the last again and again; gives what it is asked from then on. */
    play(answers) {
      part = { answers, asked: [], origin };
      return part.asked;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function respond(response, { status = 200, headers = {}, json, text = "", body }, origin) {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerOf(value));
  if (body) return response.end(sealed(body));
  return response.end(json === undefined ? text : JSON.stringify(made(json, origin)));
}

function headerOf(value) {
  return value?.$base64url === undefined ? value : Buffer.from(JSON.stringify(value.$base64url)).toString("base64url");
}

/** The document with its tokens signed and its keys in place. */
function made(value, origin) {
  if (typeof value === "string") return value.replace("{{origin}}", origin);
  if (typeof value !== "object" || value === null) return value;
  if ("$public" in value) return PUBLIC[value.$public];
  if ("$claims" in value) return signed(made(value.$header, origin), value.$claims);
  if (Array.isArray(value)) return value.map((item) => made(item, origin));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, made(member, origin)]));
}

const PLATFORMS_KEY = createPrivateKey(KEYS.platform);
const signatures = new Map();

function signed(header, claims) {
  const encode = (part) => Buffer.from(JSON.stringify(part) ?? "").toString("base64url");
  const text = `${encode(header)}.${encode(claims)}`;
  if (!signatures.has(text))
    signatures.set(text, sign("sha512", text, { key: PLATFORMS_KEY, ...PSS }).toString("base64url"));
  return `${text}.${signatures.get(text)}`;
}

/** A file as the platform has it, for the owner of a key; `as` is how it is compressed, `cut` and `more` what is wrong with it. */
function sealed({ $sealed: content, for: owner, as, cut = 0, more = 0 }) {
  const compress = { gzip: gzipSync, brotli: brotliCompressSync }[as] ?? Buffer.from;
  const key = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const text = [cipher.update(Buffer.concat([compress(content), Buffer.alloc(more)])), cipher.final()];
  const whole = Buffer.concat([publicEncrypt({ key: PUBLIC[owner], ...OAEP }, key), iv, ...text]);
  return whole.subarray(0, whole.length - cut);
}

/** What was asked, without what is new each time. */
function noted({ method, url, headers }, body) {
  const bearer = token(headers.authorization?.replace(/^Bearer /, ""));
  return {
    asked: `${method} ${url}`,
    ...said(headers, body),
    ...(bearer && { bearer }),
    ...(headers.filedescriptor && { fileDescriptor: token(headers.filedescriptor) }),
    ...content(headers["content-type"], body),
  };
}

/** The headers that say something: nothing has no type, and what takes anything need not say so. */
function said({ ...headers }, body) {
  if (body.length === 0) delete headers["content-type"];
  if (headers.accept === "*/*") delete headers.accept;
  const names = COMPARED.filter((name) => headers[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, headers[name]]));
}

function token(jwt) {
  if (jwt === undefined) return undefined;
  const [header, claims, signature] = jwt.split(".");
  const text = `${header}.${claims}`;
  const holds = verify("sha512", text, { key: OWN_PUBLIC_KEY, ...PSS }, Buffer.from(signature ?? "", "base64url"));
  return { header: read(header), claims: blanked(read(claims)), ...(holds ? {} : { holds }) };
}

/** A part of a token; as text, if it is no JSON. */
function read(part) {
  const text = Buffer.from(part ?? "", "base64url").toString();
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

const nearly = (milliseconds) => Math.abs(milliseconds - Date.now()) < CLOSE_MS;
const BLANKED = {
  nonce: (value) => /^[A-Za-z0-9]{32}$/.test(value),
  timestamp: nearly,
  iat: (value) => nearly(value * 1000),
  exp: (value) => nearly((value - 60) * 1000),
  code_challenge: (value) => /^[A-Za-z0-9_-]{43}$/.test(value),
};

function blanked(claims) {
  const shown = ([name, value]) => [name, BLANKED[name]?.(value) ? `{{${name}}}` : value];
  return Object.fromEntries(Object.entries(claims).map(shown));
}

function content(type, body) {
  if (body.length === 0) return {};
  if (type === "application/octet-stream") return { body: opened(body) ?? legible(body) };
  try {
    const json = JSON.parse(body);
    // Each SDK says who it is, and on what it runs.
    if (json?.agent?.sdk) json.agent.sdk = Object.keys(json.agent.sdk).sort();
    return { json };
  } catch {
    return { body: legible(body) };
  }
}

/** What the body of an upload decrypts to. */
function opened(body) {
  try {
    const key = privateDecrypt({ key: OWN_KEY, ...OAEP }, body.subarray(0, 256));
    const decipher = createDecipheriv("aes-256-cbc", key, body.subarray(256, 272));
    return { opened: legible(Buffer.concat([decipher.update(body.subarray(272)), decipher.final()])) };
  } catch {
    return undefined;
  }
}

/** Bytes as text, if they are short and are text. */
export function legible(bytes) {
  const text = bytes.toString("utf8");
  if (bytes.length <= 100 && Buffer.from(text).equals(bytes)) return text;
  return `${bytes.length} bytes, ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
}
