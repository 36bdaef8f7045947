/**
 * What an application does that has just installed `digime-sdk` and `digime-sandbox`, and nothing else: asks a person for consent, pushes a
 * file, reads what their sources hold, and links a patient whose link a second client finds in SQLite. It prints `smoke passed`.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "digime-sandbox";
import { DigiMeSDKError, init, initPkb } from "digime-sdk";

const sandbox = await startSandbox();
const folder = mkdtempSync(join(tmpdir(), "smoke-"));
try {
  const { origin, contracts, pkb } = sandbox.announcement;
  Object.assign(process.env, sandbox.environment);
  const sdk = init({ applicationId: process.env.DIGIME_APPLICATION_ID });
  await push(sdk, contracts.push, origin);
  await read(sdk, contracts.read);
  await link(pkb, join(folder, "links.sqlite"));
} finally {
  rmSync(folder, { recursive: true });
  await sandbox.stop();
}
process.stdout.write("smoke passed\n");

/** Has a person consent to a contract, and gives their token. */
async function consent(sdk, contractDetails) {
  const callback = "http://127.0.0.1:8080/return";
  const { url, codeVerifier } = await sdk.getAuthorizeUrl({ contractDetails, callback, state: "a state" });
  const { searchParams } = new URL(await sandbox.approve(url));
  assert.equal(searchParams.get("state"), "a state");
  return sdk.exchangeCodeForToken({ contractDetails, codeVerifier, authorizationCode: searchParams.get("code") });
}

async function push(sdk, { contractId, privateKey }, origin) {
  const contractDetails = { contractId, privateKey };
  const userAccessToken = await consent(sdk, contractDetails);
  const fileDescriptor = { mimeType: "text/plain", accounts: [{ accountId: "1" }], reference: ["weight.txt"] };
  const data = { fileData: Buffer.from("86.5 kg"), fileName: "weight.txt", fileDescriptor };
  await sdk.pushData({ contractDetails, userAccessToken, data });
  const [pushed] = await (await fetch(new URL("/_sandbox/pushed", origin))).json();
  assert.equal(atob(pushed.content), "86.5 kg");
  await assert.rejects(
    sdk.pushData({ contractDetails: { contractId, privateKey: "no key" }, userAccessToken, data }),
    (error) => error instanceof DigiMeSDKError && error.path === "options.contractDetails.privateKey",
  );
}

async function read(sdk, { contractId, privateKey }) {
  const token = await consent(sdk, { contractId, privateKey });
  const { session, userAccessToken } = await sdk.readSession({
    contractDetails: { contractId, privateKey },
    userAccessToken: token,
  });
  const files = [];
  const { filePromise } = sdk.readAllFiles({
    sessionKey: session.key,
    contractId,
    privateKey,
    userAccessToken,
    onFileData: ({ fileData }) => files.push(JSON.parse(fileData.toString())),
    onFileError: ({ error }) => {
      throw error;
    },
  });
  const { state } = await filePromise;
  assert.equal(state, "completed");
  assert.ok(files.length > 0, "no file was read");
}

async function link({ people }, store) {
  const { PKB_CLIENT_ID: clientId, PKB_REDIRECT_URI: redirectUri, PKB_ENCRYPTION_KEY: encryptionKey } = process.env;
  const config = { clientId, redirectUri, environment: "sandbox", store, encryptionKey };
  const [person] = people;
  const linking = initPkb(config);
  const { url } = await linking.getLinkUrl({ appUserId: "user-1" });
  const callbackUrl = await sandbox.approve(url, { person: person.name });
  const { publicId } = await linking.completeLink({ appUserId: "user-1", callbackUrl });
  assert.equal(publicId, person.publicId);
  await linking.close();
  assert.ok(readFileSync(store).includes("SQLite format 3"), "the link is not in SQLite");

  const linked = initPkb(config);
  const { firstName, lastName } = await linked.getCurrentUser({ appUserId: "user-1" });
  assert.equal(`${firstName} ${lastName}`, person.name);
  await linked.close();
}
