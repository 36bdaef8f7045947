/** An application that works with the SDK. */

import { init, initPkb } from "./package.mjs";
import { platform, run } from "./works.mjs";

const { applicationId, baseUrl, cloudBaseUrl, onboardUrl, keySetUrl, contractId, privateKey, userAccessToken } =
  platform;
const ca = platform.ca ?? undefined;
// The large file is the same text again and again.
const fileLimits = { size: 2 ** 30, ratio: 1_000_000 };
const configuration = { applicationId, baseUrl, cloudBaseUrl, onboardUrl, keySetUrl, ca, fileLimits };
const contractDetails = { contractId, privateKey };

let sdk;
let linked;
let codes = 0;

function push(fileData, fileName) {
  const fileDescriptor = {
    mimeType: "application/pdf",
    accounts: [{ accountId: "bench-account" }],
    reference: ["push.pdf"],
  };
  return sdk.pushData({ contractDetails, userAccessToken, data: { fileData, fileName, fileDescriptor } });
}

/** The SDK of Patients Know Best, with a patient who is linked. */
async function link() {
  const pkb = initPkb({
    clientId: "bench-client",
    redirectUri: "http://localhost/return",
    environment: "sandbox",
    endpoints: { baseUrl: platform.pkbBaseUrl },
    ca,
  });
  const tokens = { accessToken: "t".repeat(64), expiresAt: 4_102_444_800_000 };
  await pkb.importLink({ appUserId: "bench-user", publicId: "bench-patient", tokens });
  return pkb;
}

const application = {
  authorize: () => sdk.getAuthorizeUrl({ contractDetails, callback: "http://localhost/return", state: "bench-state" }),
  exchange: () =>
    sdk.exchangeCodeForToken({
      contractDetails,
      codeVerifier: "v".repeat(43),
      // Of a code that another exchange has had, the outcome is remembered.
      authorizationCode: String(codes++).padStart(64, "0"),
    }),
  push: (content) => push(content, "push.pdf"),
  async refused(content) {
    const outcome = await push(content, "").catch((error) => error.name);
    if (outcome !== "TypeValidationError") throw new Error(`expected a refusal, got ${outcome}`);
  },
  async read(sessionKey, onFileData, pollingInterval) {
    const onFileError = ({ error }) => {
      throw error;
    };
    const reading = { sessionKey, contractId, privateKey, userAccessToken, pollingInterval };
    await sdk.readAllFiles({ ...reading, onFileData, onFileError }).filePromise;
  },
  upload: (fileData) =>
    sdk.uploadFileToStorage({ contractDetails, storageId: "bench-storage", fileName: "upload", fileData }),
  async download(mebibytes) {
    const { body } = await sdk.downloadStorageFile({
      contractDetails,
      storageId: "bench-storage",
      path: `${mebibytes}`,
    });
    return body;
  },
  async search(parameters) {
    linked ??= await link();
    return linked.fhirSearch({ appUserId: "bench-user", resourceType: "Observation", parameters });
  },
};

await run(() => {
  sdk = init(configuration);
  return application;
});
