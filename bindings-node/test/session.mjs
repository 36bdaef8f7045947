/** A reading session on a platform of a few lines: lists of files that grow poll by poll, and files encrypted for the application. */

import { constants, createCipheriv, publicEncrypt, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { contractDetails, userAccessToken } from "./platform.mjs";

export const LAST_MODIFIED = "Mon, 05 Jan 2026 10:00:00 GMT";

/** What a call needs to read the session. */
export const reading = {
  sessionKey: "a-session",
  contractId: contractDetails.contractId,
  privateKey: contractDetails.privateKey,
  userAccessToken,
};

/** Content as the platform hands it out: encrypted with a key of its own, which only the contract's private key opens. */
export function sealed(content) {
  const key = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const sealedKey = publicEncrypt({ key: contractDetails.privateKey, padding, oaepHash: "sha1" }, key);
  return Buffer.concat([sealedKey, iv, cipher.update(content), cipher.final()]);
}

/** A list of files, each changed when the session was in its `version`th form. */
export function list(state, names, version = 1) {
  return { status: { state }, fileList: names.map((name) => ({ name, updatedDate: version })) };
}

/** Answers as the platform: each poll with the next of `lists`, the last again and again, and each file with its content. */
export function session(lists, contents = {}) {
  let polls = 0;
  return (request, response) => {
    const [, , , key, name] = request.url.split("/");
    if (name === undefined && key === reading.sessionKey) {
      polls += 1;
      return response.end(JSON.stringify(lists[Math.min(polls, lists.length) - 1]));
    }
    if (!(name in contents)) {
      response.statusCode = 404;
      return response.end(JSON.stringify({ error: { code: "FileNotFound", message: "no such file" } }));
    }
    const described = { metadata: { objectCount: 1, objectType: "Observation" }, compression: "gzip" };
    response.setHeader("x-metadata", Buffer.from(JSON.stringify(described)).toString("base64url"));
    response.setHeader("last-modified", LAST_MODIFIED);
    return response.end(sealed(gzipSync(contents[name])));
  };
}
