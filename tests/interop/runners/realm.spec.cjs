/** What must hold in whatever realm a runner of tests loads the SDK. Jest and Vitest run it, with their own `test` and `expect`. */

const { createServer } = require("node:http");
const { generateKeyPairSync } = require("node:crypto");
const { Readable } = require("node:stream");
const { DigiMeSDKError, init, ServerError, TransportError } = require(process.env.DIGIME_SDK_NODE);

const pem = {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, ...pem });
const token = (value) => ({ value, expiry: 4102444800 });
const userAccessToken = { accessToken: token("an-access-token"), refreshToken: token("a-refresh-token") };
const options = { contractDetails: { contractId: "a-contract", privateKey }, userAccessToken };
const account = { id: "an-account", type: "USER", more: [{ a: 1 }] };
const answers = {
  "/permission-access/accounts": [200, [account]],
  "/permission-access/trigger": [200, { session: { key: "a-session", expiry: 1 } }],
  "/user": [403, { error: { code: "Forbidden", message: "not yours", reference: "r" } }],
};
const stored = [];
let server;
let baseUrl;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/permission-access/import") stored.push(Buffer.concat(chunks).toString());
      // One that never answers.
      if (request.url === "/silent/permission-access/accounts") return;
      const [status, body] = answers[request.url] ?? [200, {}];
      response.statusCode = status;
      response.end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${server.address().port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const sdk = (at = baseUrl) => init({ applicationId: "an-application", baseUrl: at, retryOptions: { limit: 0 } });

test("results are of this realm", async () => {
  const read = await sdk().readAccounts(options);
  expect(read).toStrictEqual({ accounts: [account], userAccessToken });
  expect(read.userAccessToken).toBe(userAccessToken);
  expect(read.accounts).toBeInstanceOf(Array);
  expect(read).toBeInstanceOf(Object);
  expect(await sdk().readSession(options)).toStrictEqual({ session: { key: "a-session", expiry: 1 }, userAccessToken });
});

test("errors are of this realm", async () => {
  const refused = await sdk()
    .deleteUser(options)
    .catch((error) => error);
  expect(refused).toBeInstanceOf(ServerError);
  expect(refused).toBeInstanceOf(Error);
  expect(refused.error).toStrictEqual({
    ...{ code: "Forbidden", message: "not yours", reference: "r" },
    ...{ statusCode: 403, statusMessage: "Forbidden" },
  });
  const lost = await sdk("http://127.0.0.1:9/")
    .readAccounts(options)
    .catch((error) => error);
  expect(lost).toBeInstanceOf(TransportError);
  expect(lost.cause).toBeInstanceOf(Error);
  expect(() => init({})).toThrow(DigiMeSDKError);
});

test("a signal of this realm ends a call, and eleven calls on one warn of nothing", async () => {
  const warnings = [];
  const warned = (warning) => warnings.push(warning.message);
  process.on("warning", warned);
  const controller = new AbortController();
  const { readAccounts } = sdk(`${baseUrl}silent/`);
  const calls = Array.from({ length: 11 }, () => readAccounts({ ...options, signal: controller.signal }));
  const ended = Promise.allSettled(calls);
  await new Promise((resolve) => setTimeout(resolve, 50));
  controller.abort();
  const names = (await ended).map(({ reason }) => reason.name);
  expect(names).toStrictEqual(Array(11).fill("AbortError"));
  process.off("warning", warned);
  expect(warnings).toStrictEqual([]);
});

test("streams and bytes of this realm are pushed", async () => {
  const fileDescriptor = { mimeType: "text/plain", accounts: [{ accountId: "an-account" }] };
  for (const fileData of [
    Buffer.from("a file"),
    new Uint8Array(Buffer.from("a file")),
    Readable.from([Buffer.from("a "), Buffer.from("file")]),
    (async function* () {
      yield Buffer.from("a file");
    })(),
  ]) {
    await sdk().pushData({ ...options, type: "library", data: { fileData, fileName: "a.txt", fileDescriptor } });
    expect(stored.pop()).toBe("a file");
  }
});

test("calls have their names", () => {
  for (const [name, call] of Object.entries(sdk())) expect(call.name).toBe(name);
});

test("the environment of this realm is what configures it", async () => {
  process.env.DIGIME_BASE_URL = baseUrl;
  try {
    const { accounts } = await init({ applicationId: "an-application" }).readAccounts(options);
    expect(accounts).toStrictEqual([account]);
  } finally {
    delete process.env.DIGIME_BASE_URL;
  }
});

test("a fetch of this realm carries requests, bodies and what they fail with", async () => {
  const sent = [];
  const fetch = async (url, { body }) => {
    if (url.endsWith("/import")) {
      const reader = body.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) sent.push(Buffer.from(next.value));
    }
    if (url.endsWith("/trigger")) throw new TypeError("of this realm");
    const answer = url.endsWith("/accounts") ? [account] : {};
    return { status: 200, headers: new Map(), body: Readable.from([Buffer.from(JSON.stringify(answer))]) };
  };
  const own = init({ applicationId: "an-application", baseUrl, retryOptions: { limit: 0 }, fetch });
  expect(await own.readAccounts(options)).toStrictEqual({ accounts: [account], userAccessToken });
  const fileDescriptor = { mimeType: "text/plain", accounts: [{ accountId: "an-account" }] };
  const fileData = Readable.from([Buffer.from("by "), Buffer.from("fetch")]);
  await own.pushData({ ...options, data: { fileName: "a.txt", fileDescriptor, fileData } });
  expect(Buffer.concat(sent).toString()).toContain("fetch");
  const error = await own.readSession(options).catch((error) => error);
  expect(error).toBeInstanceOf(TransportError);
  expect(error.cause.cause).toBeInstanceOf(TypeError);
});
