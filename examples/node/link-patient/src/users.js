/** The users of this app: made up, and without passwords. They stand for the accounts that a real application has. */

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
];
