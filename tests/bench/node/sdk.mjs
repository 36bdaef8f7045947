/** An application that works with the SDK. */

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { platform, pushed, run } from "./works.mjs";

const folder = resolve(process.env.DIGIME_SDK_NODE);
const { init } = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));

const { applicationId, baseUrl, cloudBaseUrl, onboardUrl, contractId, privateKey, userAccessToken } = platform;
// The large file is the same text again and again.
const fileLimits = { size: 2 ** 30, ratio: 1_000_000 };
const sdk = init({ applicationId, baseUrl, cloudBaseUrl, onboardUrl, fileLimits });
const contractDetails = { contractId, privateKey };

function push(fileName) {
  const fileDescriptor = {
    mimeType: "application/pdf",
    accounts: [{ accountId: "bench-account" }],
    reference: ["push.pdf"],
  };
  return sdk.pushData({ contractDetails, userAccessToken, data: { fileData: pushed, fileName, fileDescriptor } });
}

let codes = 0;

await run({
  authorize: () => sdk.getAuthorizeUrl({ contractDetails, callback: "http://localhost/return", state: "bench-state" }),
  exchange: () =>
    sdk.exchangeCodeForToken({
      contractDetails,
      codeVerifier: "v".repeat(43),
      // Of a code that another exchange has had, the outcome is remembered.
      authorizationCode: String(codes++).padStart(64, "0"),
    }),
  push: () => push("push.pdf"),
  async refused() {
    const outcome = await push("").catch((error) => error.name);
    if (outcome !== "TypeValidationError") throw new Error(`expected a refusal, got ${outcome}`);
  },
  async read(sessionKey, onFileData) {
    const onFileError = ({ error }) => {
      throw error;
    };
    await sdk.readAllFiles({ sessionKey, contractId, privateKey, userAccessToken, onFileData, onFileError })
      .filePromise;
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
});
