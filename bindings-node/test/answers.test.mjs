/** That answers are what applications of the JavaScript SDK rely on: the token that they gave, the session that there is, the bytes of a file. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { init } from "../dist/index.js";
import { aTokenOf, claimsOf, contractDetails, jwks, platform, refreshing, userAccessToken } from "./platform.mjs";
import { list, reading, sealed, session } from "./session.mjs";

/** What an application may keep beside the tokens themselves. */
const beside = { tenant: "north", tags: ["a", { b: 1.5 }], user: { id: "a-user" }, consentid: "a-consent" };
const stored = { ...userAccessToken, ...beside };

/** Answers as a platform whose files are described and encrypted so. */
function filesOf(compression, content) {
  return (_, response) => {
    const described = { metadata: { objectCount: 1 }, ...(compression !== undefined && { compression }) };
    response.setHeader("x-metadata", Buffer.from(JSON.stringify(described)).toString("base64url"));
    response.end(sealed(content));
  };
}

async function read(t, compression, content) {
  const sdk = init(await platform(t, filesOf(compression, content)));
  const options = { ...reading, fileName: "a.json" };
  const { fileData } = await sdk.readFile(options);
  const { body } = await sdk.readFileStream(options);
  const chunks = [];
  for await (const chunk of body) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), fileData, "as a stream");
  return fileData;
}

test("the token of a result is the very object that was given, whatever else it holds", async (t) => {
  const answers = { accounts: [], session: { key: "a-session", expiry: 1 }, status: { state: "completed" } };
  const config = await platform(t, (_, response) => response.end(JSON.stringify(answers)));
  const sdk = init(config);
  class Stored {
    constructor() {
      Object.assign(this, stored, { reload() {}, at: new Date(0), secret: Symbol("none of the SDK's business") });
    }
  }
  for (const given of [userAccessToken, stored, Object.freeze({ ...stored }), new Stored()]) {
    const read = { ...reading, userAccessToken: given };
    const options = { contractDetails, userAccessToken: given };
    assert.equal((await sdk.readSession(options)).userAccessToken, given);
    assert.equal((await sdk.readFileList(read)).userAccessToken, given);
    assert.equal((await sdk.readAllFiles(read).response).userAccessToken, given);
  }
});

test("the files of a session come with the very token that was given", async (t) => {
  const { readAllFiles } = init(await platform(t, session([list("completed", ["a.json"])], { "a.json": "[1]" })));
  const files = [];
  await readAllFiles({ ...reading, userAccessToken: stored, onFileData: (file) => files.push(file) }).filePromise;
  assert.equal(files[0].userAccessToken, stored);
});

test("a new token keeps what the application had put beside the old one, in results, callbacks and errors", async (t) => {
  const config = await platform(t, (request, response) => {
    const isNew = request.headers.authorization && claimsOf(request).access_token === "second-access-token";
    return isNew ? response.end("[]") : refreshing(request, response);
  });
  const told = [];
  const onAccessTokenChange = (token) => void told.push(token);
  const options = { contractDetails, userAccessToken: { ...stored, at: new Date(0) } };
  const { userAccessToken: fresh } = await init(config).readAccounts({ ...options, onAccessTokenChange });
  assert.equal(fresh.accessToken.value, "second-access-token");
  assert.deepEqual({ ...fresh, ...userAccessToken }, { ...stored, at: new Date(0).toJSON() });
  assert.deepEqual(told, [fresh]);
  const another = await init(config).refreshToken(options);
  assert.deepEqual(another, fresh);
  const failing = { ...options, onAccessTokenChange: () => assert.fail("the database is down") };
  const error = await init(config)
    .readAccounts(failing)
    .catch((error) => error);
  assert.deepEqual(error.userAccessToken, fresh);
});

test("calls that share a refresh each keep what stood beside their own token", async (t) => {
  const { readAccounts } = init(
    await platform(t, (request, response) => {
      const isNew = request.headers.authorization && claimsOf(request).access_token === "second-access-token";
      return isNew ? response.end("[]") : refreshing(request, response);
    }),
  );
  const tenants = ["north", "south"];
  const results = tenants.map((tenant) =>
    readAccounts({ contractDetails, userAccessToken: { ...userAccessToken, tenant } }),
  );
  const fresh = (await Promise.all(results)).map(({ userAccessToken }) => userAccessToken.tenant);
  assert.deepEqual(fresh, tenants);
});

test("an answer without a session is an empty one for an address, and an error for a reading", async (t) => {
  const sdk = init(
    await platform(t, (request, response) => {
      request.resume();
      if (request.url === "/jwks") return response.end(JSON.stringify(jwks));
      if (request.url === "/reference") return response.end('{"id":"a-reference"}');
      const token = aTokenOf({ preauthorization_code: "a-code", reference_code: "a-code" }, request);
      return response.end(JSON.stringify({ token }));
    }),
  );
  const options = { contractDetails, userAccessToken, callback: "https://example.org/", state: "s", accountId: "a" };
  for (const call of ["getAuthorizeUrl", "getOnboardServiceUrl", "getReauthorizeUrl", "getReauthorizeAccountUrl"]) {
    const { url, session } = await sdk[call](options);
    assert.match(url, /code=a-code/, call);
    assert.deepEqual(session, {}, call);
  }
  await assert.rejects(sdk.readSession(options), { name: "TypeValidationError" });
});

test("what a platform says of a session beside its key comes with it", async (t) => {
  const session = { key: "a-session", expiry: 1, sessionExchangeToken: "more" };
  const { readSession } = init(await platform(t, (_, response) => response.end(JSON.stringify({ session }))));
  assert.deepEqual((await readSession({ contractDetails, userAccessToken })).session, session);
});

test("a file whose metadata have any word for no compression is read as it is", async (t) => {
  const content = Buffer.from('[{"a":1}]');
  for (const word of [
    "no-compression",
    "no_compression",
    "noCompression",
    "NO-COMPRESSION",
    "none",
    "None",
    "identity",
    "",
    undefined,
  ])
    assert.deepEqual(await read(t, word, content), content, word);
  assert.deepEqual(await read(t, "GZIP", gzipSync(content)), content);
  assert.deepEqual(await read(t, "br", brotliCompressSync(content)), content);
});

test("what Node reads of gzip is read: members one after another, zeros behind them, and nothing after a zero", async (t) => {
  const [one, two] = [Buffer.from("[1,"), Buffer.from("2]")].map((part) => gzipSync(part));
  const zeros = Buffer.alloc(700);
  const named = Buffer.concat([Buffer.from([31, 139, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.from("a\0"), one.subarray(10)]);
  for (const [what, packed] of Object.entries({
    one,
    members: Buffer.concat([one, two]),
    "zeros behind": Buffer.concat([one, two, zeros]),
    "a zero and more": Buffer.concat([one, Buffer.from([0]), two, Buffer.from("garbage")]),
    "a name": Buffer.concat([named, two]),
    "nothing in it": gzipSync(Buffer.alloc(0)),
  }))
    assert.deepEqual(await read(t, "gzip", packed), gunzipSync(packed), what);
});

test("what Node does not read of gzip is damaged", async (t) => {
  const packed = gzipSync(Buffer.from("[1]"));
  const damaged = packed.with?.(packed.length - 8, 7) ?? Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 7)]);
  for (const [what, content] of Object.entries({
    "not all": packed.subarray(0, -3),
    "garbage behind": Buffer.concat([packed, Buffer.from("garbage")]),
    "part of a member behind": Buffer.concat([packed, packed.subarray(0, 12)]),
    "another check sum": Buffer.from(damaged),
    "no header": deflateRawSync(Buffer.from("[1]")),
    nothing: Buffer.alloc(0),
  })) {
    assert.throws(() => gunzipSync(content), what);
    await assert.rejects(read(t, "gzip", content), { name: "FileDecryptionError" }, what);
  }
});

test("what the platform says of a storage and of where to go is handed on whole", async (t) => {
  const said = { id: "a-storage", kid: "a-kid", location: "https://example.org/", more: { than: ["known"] } };
  const sdk = init(await platform(t, (_, response) => response.end(JSON.stringify(said))));
  const account = { accountId: "an-account", redirectUri: "https://application.example/" };
  assert.deepEqual((await sdk.createProvisionalStorage({ contractDetails })).storage, said);
  assert.deepEqual((await sdk.getUserStorage({ contractDetails, userAccessToken })).storage, said);
  assert.deepEqual(await sdk.getRevokeAccountPermissionUrl({ contractDetails, userAccessToken, ...account }), said);
});

test("a list is no object, whatever is in it", async (t) => {
  const account = { accountId: "an-account", redirectUri: "https://application.example/" };
  const asUser = { contractDetails, userAccessToken, ...account };
  for (const [call, list] of [
    ["getRevokeAccountPermissionUrl", ["one"]],
    ["getUserStorage", ["one", "two"]],
  ]) {
    const sdk = init(await platform(t, (_, response) => response.end(JSON.stringify(list))));
    await assert.rejects(sdk[call](asUser), { name: "TypeValidationError", path: "" });
  }
});
