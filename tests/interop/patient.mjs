/** A patient of the tests, and how they link. */

import { randomUUID } from "node:crypto";
import { approve } from "./browser.mjs";

/** The application's own id of its user, and the patient's public id. */
export const appUserId = "user-1";
export const publicId = randomUUID();

/** Links the patient. */
export async function link(pkb) {
  const { url } = await pkb.getLinkUrl({ appUserId });
  return pkb.completeLink({ appUserId, callbackUrl: await approve(url, publicId) });
}

/** Reads the patient's own record. */
export async function readRecord(pkb) {
  return pkb.fhirRead({ appUserId, resourceType: "Patient", id: publicId });
}
