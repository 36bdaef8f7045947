/** The network as an application in Node has it: its certificates, its proxy, and what Node's own variables say. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { init, initPkb } from "../dist/index.js";
import { contractDetails, listening, userAccessToken } from "./platform.mjs";

/** A server that speaks TLS and answers with an empty list, and its certificate, which is its own authority. */
async function secretPlatform(t) {
  const folder = mkdtempSync(join(tmpdir(), "digime-sdk-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const wanted = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1";
  const own = ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert];
  execFileSync("openssl", [...wanted.split(" "), ...own], { stdio: "ignore" });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  const baseUrl = await listening(
    t,
    createSecureServer(pair, (_, response) => response.end("[]")),
  );
  return { baseUrl: baseUrl.replace("http:", "https:"), cert };
}

const call = (config) =>
  init({ applicationId: "an-application", retryOptions: { limit: 0 }, ...config }).readAccounts({
    contractDetails,
    userAccessToken,
  });

test("a server is believed whose authority the configuration names, as text or as a Buffer", async (t) => {
  const { baseUrl, cert } = await secretPlatform(t);
  await assert.rejects(call({ baseUrl }), { name: "TransportError", code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  const pem = readFileSync(cert);
  await call({ baseUrl, ca: pem.toString() });
  await call({ baseUrl, ca: pem });
});

test("authorities of NODE_EXTRA_CA_CERTS are believed, and a file of it that cannot be read is an error", async (t) => {
  const { baseUrl, cert } = await secretPlatform(t);
  const program = `
    import { init } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    const { contractDetails, userAccessToken, baseUrl } = JSON.parse(process.env.GIVEN);
    const sdk = init({ applicationId: "an-application", baseUrl });
    console.log(JSON.stringify(await sdk.readAccounts({ contractDetails, userAccessToken })));`;
  const run = (file) => {
    const { SSL_CERT_FILE: _, SSL_CERT_DIR: __, ...env } = process.env;
    const GIVEN = JSON.stringify({ contractDetails, userAccessToken, baseUrl });
    return promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...env, GIVEN, NODE_EXTRA_CA_CERTS: file },
    });
  };
  assert.match((await run(cert)).stdout, /accounts/);
  await assert.rejects(run(`${cert}.not`), ({ stderr }) => /NODE_EXTRA_CA_CERTS: leads to no/.test(stderr));
});

test("all requests go through a proxy that is named, and none through one that is off", async (t) => {
  const asked = [];
  const proxy = await listening(
    t,
    createServer((request, response) => {
      asked.push(request.url);
      response.end("[]");
    }),
  );
  const baseUrl = "http://platform.invalid/";
  await call({ baseUrl, proxy });
  assert.deepEqual(asked, ["http://platform.invalid/permission-access/accounts"]);
  await assert.rejects(call({ baseUrl, proxy: false }), { code: "ENOTFOUND" });
});

test("what is no certificate, proxy or origin is refused by its name, on both platforms", () => {
  const pkb = { clientId: "c", redirectUri: "https://app.example/linked", environment: "sandbox" };
  for (const [path, odd] of [
    ["config.ca", { ca: "none" }],
    ["config.clientCertificate.key", { clientCertificate: { cert: "x" } }],
    ["config.proxy", { proxy: true }],
    ["config.proxy", { proxy: "socks5://localhost" }],
    ["config.trustedOrigins[0]", { trustedOrigins: ["https://api.digi.me/v1.7"] }],
  ]) {
    const refusal = { name: "TypeValidationError", path };
    assert.throws(() => init({ applicationId: "a", ...odd }), refusal);
    assert.throws(() => initPkb({ ...pkb, ...odd }), refusal);
  }
});
