/** What the environment tells the app. */

import { randomBytes } from "node:crypto";

/** @import { OneTimePassword, SystemClient } from "digime-sdk" */

const REQUIRED = [
  "PKB_CLIENT_ID",
  "PKB_ENCRYPTION_KEY",
  "PKB_SYSTEM_CLIENT_ID",
  "PKB_SYSTEM_CLIENT_SECRET",
  "PKB_CUSTOMER_CLIENT_ID",
  "PKB_CUSTOMER_CLIENT_SECRET",
  "PKB_ORG_PUBLIC_ID",
  "PKB_ORG_CODE",
];

/** The path of the redirect URI, where the app takes people back. */
export const RETURN_PATH = "/return";

/**
 * @typedef {object} Configuration
 * @property {string} clientId
 * @property {"sandbox" | "production"} environment
 * @property {string} [redirectUri] As it is registered with PKB.
 * @property {string} store The path of an SQLite file, or an address of PostgreSQL.
 * @property {string} encryptionKey Of the tokens in the store.
 * @property {Organisation} organisation
 * @property {OneTimePassword} [oneTimePassword] Where PKB gives one-time passwords.
 * @property {string} extracts The folder of what was extracted.
 * @property {number} watchEvery How long after a look at a record it is looked at again, in milliseconds.
 * @property {string} sessionKey Signs the cookies.
 * @property {number} port 0 for any free one.
 */

/**
 * @typedef {object} Organisation The one that runs this app, as PKB knows it.
 * @property {string} publicId
 * @property {string} code Under which it sends data.
 * @property {SystemClient} systemClient
 * @property {SystemClient} customerSystemClient
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Configuration}
 */
export function readConfiguration(environment) {
  const missing = REQUIRED.filter((name) => !environment[name]);
  if (missing.length > 0) throw new Error(`Set ${missing.join(", ")}; README.md says to what.`);
  const pkb = environment.PKB_ENVIRONMENT ?? "sandbox";
  if (pkb !== "sandbox" && pkb !== "production") throw new Error("PKB_ENVIRONMENT must be sandbox or production.");
  const redirectUri = environment.PKB_REDIRECT_URI;
  if (redirectUri && !(URL.canParse(redirectUri) && new URL(redirectUri).pathname === RETURN_PATH)) {
    throw new Error(`PKB_REDIRECT_URI must be an address with the path ${RETURN_PATH}.`);
  }
  const given = (/** @type {string} */ name) => environment[name] ?? "";
  return {
    clientId: given("PKB_CLIENT_ID"),
    environment: pkb,
    redirectUri,
    store: environment.PKB_STORE ?? "data/links.sqlite",
    encryptionKey: given("PKB_ENCRYPTION_KEY"),
    organisation: {
      publicId: given("PKB_ORG_PUBLIC_ID"),
      code: given("PKB_ORG_CODE"),
      systemClient: { clientId: given("PKB_SYSTEM_CLIENT_ID"), clientSecret: given("PKB_SYSTEM_CLIENT_SECRET") },
      customerSystemClient: {
        clientId: given("PKB_CUSTOMER_CLIENT_ID"),
        clientSecret: given("PKB_CUSTOMER_CLIENT_SECRET"),
      },
    },
    oneTimePassword: oneTimePassword(environment.PKB_ONE_TIME_PASSWORD),
    extracts: environment.EXTRACTS ?? "data/extracts",
    watchEvery: whole("WATCH_EVERY", environment.WATCH_EVERY ?? "900000", 1000, Number.MAX_SAFE_INTEGER),
    sessionKey: environment.SESSION_KEY ?? randomBytes(32).toString("base64url"),
    port: whole("PORT", environment.PORT ?? "8080", 0, 65_535),
  };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function whole(name, text, least, most) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`${name} must be a number from ${least} to ${most}.`);
}

/**
 * @param {string | undefined} text A method, a path, and the member of the answer unless the answer is the password.
 * @returns {OneTimePassword | undefined}
 */
function oneTimePassword(text) {
  if (!text) return undefined;
  const [method, path, member] = text.split(" ");
  if ((method === "GET" || method === "POST") && path) return { method, path, member };
  throw new Error("PKB_ONE_TIME_PASSWORD must be GET or POST, a path, and perhaps a member of the answer.");
}
