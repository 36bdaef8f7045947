/** That every transport has the outcome of each case of a bad network, or an error where it cannot see what happened: never a wrong success. */

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { Readable } from "node:stream";
import { test } from "node:test";
import * as undici from "undici";
import { listening, secret, serving } from "./raw_server.mjs";
import { sdk } from "./sdk.mjs";

const { cases } = JSON.parse(readFileSync(new URL("../conformance/transports.json", import.meta.url)));

/** What fetch cannot see: its standard makes an error of it. */
const UNSEEN_BY_FETCH = {
  "a proxy that wants to know who is there": "TransportError",
  "a redirect of a stream": "TransportError",
};

/** The transports, and what each has in place of an outcome that it cannot see. */
const TRANSPORTS = [
  { name: "the SDK's own", config: {}, unseen: {} },
  { name: "Node's fetch", config: { fetch }, unseen: UNSEEN_BY_FETCH },
  { name: "undici's fetch", config: { fetch: undici.fetch }, unseen: UNSEEN_BY_FETCH },
];

const pem = {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem });
const token = (value) => ({ value, expiry: 4102444800 });
const user = {
  contractDetails: { contractId: "a-contract", privateKey },
  userAccessToken: { accessToken: token("an-access-token"), refreshToken: token("a-refresh-token") },
};

/** That the application's stream fails. */
class Own extends Error {
  name = "own";
}

const CHUNK = 100_000;

async function* source({ bytes, breaks, stalls }) {
  for (let given = 0; given < bytes; given += CHUNK) {
    if (given >= breaks) throw new Own();
    if (given >= stalls) await new Promise(() => {});
    yield Buffer.alloc(CHUNK);
  }
}

function called(client, { get, push }) {
  if (get) return client.readAccounts({ ...user, ...get });
  const { timeouts, ...stream } = push;
  const fileDescriptor = { mimeType: "text/plain", accounts: [{ accountId: "an-account" }] };
  const data = { fileName: "a", fileDescriptor, fileData: Readable.from(source(stream)) };
  return client.pushData({ ...user, data, timeouts });
}

async function outcomeOf(call) {
  try {
    await call;
    return "success";
  } catch (error) {
    const more = error.response?.statusCode ?? error.phase;
    return more === undefined ? error.name : `${error.name} ${more}`;
  }
}

for (const { name: transport, config, unseen } of TRANSPORTS) {
  for (const { name, call, server, outcome } of cases) {
    test(`${transport}: ${name}`, { timeout: 20_000 }, async (t) => {
      const { baseUrl, asked } = await serving(t, server);
      const client = sdk.init({ applicationId: "a", baseUrl, retryOptions: { limit: 0 }, ...config });
      assert.equal(await outcomeOf(called(client, call)), unseen[name] ?? outcome);
      assert.ok(!asked.includes("/elsewhere"), "a redirect was followed");
    });
  }
}

test("what a transport cannot see is an error, and one of the cases", () => {
  for (const { name, unseen } of TRANSPORTS) {
    for (const [named, outcome] of Object.entries(unseen)) {
      assert.ok(
        cases.some((one) => one.name === named),
        `${name}: ${named}`,
      );
      assert.match(outcome, /Error/);
    }
  }
});

/** What speaks HTTP/2. Node's own fetch does not, and is given none. */
const SPEAK_HTTP_2 = [
  { name: "the SDK's own", over: (cert) => ({ ca: cert }) },
  {
    name: "undici's fetch, of an agent that may",
    over: (cert) => {
      const dispatcher = new undici.Agent({ allowH2: true, connect: { ca: cert } });
      return { fetch: (url, init) => undici.fetch(url, { ...init, dispatcher }) };
    },
  },
];

for (const { name, over } of SPEAK_HTTP_2) {
  for (const [what, answer, outcome] of [
    ["an answer", (stream) => stream.respond({ ":status": 403 }, { endStream: true }), "HTTPError 403"],
    ["a stream that is refused", (stream) => stream.close(7), "TransportError"],
    ["a server that leaves (GOAWAY)", ({ session }) => leave(session), "TransportError"],
  ]) {
    test(`${name}: ${what} over HTTP/2`, { timeout: 20_000 }, async (t) => {
      const pair = secret(t);
      const server = createSecureServer(pair, (request) => request.resume());
      const protocols = [];
      server.on("session", (session) => {
        protocols.push(session.alpnProtocol);
        session.on("error", () => {});
        t.after(() => session.destroy());
      });
      server.on("stream", (stream) => {
        stream.on("error", () => {});
        answer(stream);
      });
      const baseUrl = (await listening(t, server)).replace("http:", "https:");
      const client = sdk.init({ applicationId: "a", baseUrl, retryOptions: { limit: 0 }, ...over(pair.cert) });
      assert.equal(await outcomeOf(client.readAccounts(user)), outcome);
      assert.equal(protocols[0], "h2");
    });
  }
}

/** Leaves as a server that has looked at nothing. */
function leave(session) {
  session.goaway(0, 0);
  setImmediate(() => session.destroy());
}
