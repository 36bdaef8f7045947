/** That the samples of the README do what it says. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { aTokenOf, bodyOf, claimsOf, contractDetails, jwks, platform, secondTokenClaims } from "./platform.mjs";
import { patientsKnowBest } from "./sandbox.mjs";
import { list, sealed, session } from "./session.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const samples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, source]) => source);
const sessionAnswer = session([list("completed", ["a.json"])], { "a.json": "[1]" });
const pushedFiles = [];

/** What the samples ask of the platform. */
async function answer(request, response) {
  const { pathname } = new URL(request.url, "http://platform");
  const json = (status, body) => {
    response.statusCode = status;
    response.end(JSON.stringify(body));
  };
  if (pathname.startsWith("/permission-access/query/")) return sessionAnswer(request, response);
  if (pathname.startsWith("/clouds/")) return response.end(sealed("a scan"));
  const body = await bodyOf(request);
  if (pathname === "/jwks") return json(200, jwks);
  if (pathname === "/oauth/authorize") {
    const token = aTokenOf({ preauthorization_code: "a-code" }, request);
    return json(200, { token, session: { key: "a-session", expiry: 1 } });
  }
  if (pathname === "/oauth/token" && claimsOf(request).code === "a-code")
    return json(200, { token: aTokenOf(secondTokenClaims, request) });
  if (pathname === "/permission-access/trigger") return json(202, { session: { key: "a-session", expiry: 1 } });
  if (pathname === "/permission-access/import") pushedFiles.push(body.toString());
  else return json(400, { error: { code: "InvalidCode", message: "no such code", reference: "a-reference" } });
  return response.end();
}

test("every sample runs as a module, and what it exports does what it says", async (t) => {
  const { applicationId, baseUrl } = await platform(t, answer);
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/digime-sdk"), "junction");
  symlinkSync(join(root, "../packages/sandbox-npm"), join(folder, "node_modules/digime-sandbox"), "junction");
  const place = await patientsKnowBest(t);
  Object.assign(process.env, {
    PKB_BASE_URL: place.baseUrl,
    PKB_CLIENT_ID: place.config.clientId,
    PKB_REDIRECT_URI: place.config.redirectUri,
    DIGIME_APPLICATION_ID: applicationId,
    DIGIME_CONTRACT_ID: contractDetails.contractId,
    DIGIME_PRIVATE_KEY: contractDetails.privateKey,
    DIGIME_READ_CONTRACT_ID: contractDetails.contractId,
    DIGIME_READ_PRIVATE_KEY: contractDetails.privateKey,
    DIGIME_BASE_URL: baseUrl,
    DIGIME_CLOUD_BASE_URL: baseUrl,
  });
  const logged = t.mock.method(console, "log", () => {});

  const exported = {};
  for (const [index, source] of samples.entries()) {
    const file = join(folder, `sample-${index}.mjs`);
    writeFileSync(file, source);
    Object.assign(exported, await import(pathToFileURL(file)));
  }
  const [first, url, refusal, misfit, ...further] = logged.mock.calls.map(({ arguments: [line] }) => line);
  assert.equal(first, "The sandbox has 24 bytes of text/plain.");
  assert.match(url, /^Send the person to .*code=a-code.* 43 characters/);
  assert.equal(refusal, "the platform refuses: InvalidCode, a-reference");
  assert.equal(misfit, "UserAccessToken.accessToken.expiry: expected integer");

  const token = await exported.tokenFor("a-code", "a-verifier");
  assert.equal(token.accessToken.value, "second-access-token");

  const letter = join(folder, "letter.pdf");
  writeFileSync(letter, "a letter");
  await exported.pushLetter(letter, token);
  assert.deepEqual(pushedFiles, ["a letter"]);

  assert.equal(await exported.accountsInATest(contractDetails, token), "an-account");

  const files = [];
  const status = await exported.readEverything(token, undefined, (...file) => files.push(file));
  assert.deepEqual(status, { state: "completed" });
  assert.deepEqual(files, [["a.json", Buffer.from("[1]")]]);

  const scan = join(folder, "knee.dcm");
  await exported.saveScan("a-storage", scan);
  assert.equal(readFileSync(scan, "utf8"), "a scan");

  assert.match(further.at(-1), /^Send the patient to .*\/apiAuthorize\.action\?.*state=/);
  const callbackUrl = await place.decide(await exported.beginLink("user-1"));
  const { page, name } = await exported.completeLink(callbackUrl, "user-1");
  assert.deepEqual([page, name], ["/weights", "Bobby Barton"]);
  assert.ok((await exported.weights("user-1")).length >= 10);
  const { pkb, appUserId } = await place.linked({ store: new exported.LinksInMemory() });
  const types = [];
  await exported.archive(pkb, appUserId, (text) => types.push(JSON.parse(text).resourceType));
  assert.equal(types[0], "Bundle");
});
