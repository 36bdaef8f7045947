/** The users of this app: made up, and without passwords. They stand for the accounts that a real application has. */

/** @import { PatientIdentifier } from "digime-sdk" */

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const CHI_NUMBER = "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53";

/**
 * @typedef {object} User
 * @property {string} id What the SDK knows them by, as `appUserId`; it never changes.
 * @property {string} name
 */

/** @type {User[]} */
export const USERS = [
  { id: "user-1001", name: "Bobby" },
  { id: "user-1002", name: "Morag" },
  { id: "user-1003", name: "Robin" },
  { id: "user-1004", name: "Nia" },
];

/** Whose number the app has made sure of: who has another's is given the key to another's record. */
const NATIONAL_IDS = new Map([
  ["user-1001", { system: NHS_NUMBER, value: "9991566171" }],
  ["user-1002", { system: CHI_NUMBER, value: "0102850004" }],
  ["user-1004", { system: NHS_NUMBER, value: "9991566201" }],
]);

/**
 * The national number of a user. It is no part of the user, who is in the cookie.
 * @param {User} user
 * @returns {PatientIdentifier | undefined}
 */
export function nationalIdOf({ id }) {
  return NATIONAL_IDS.get(id);
}
