/** What the environment tells the app. */

import { randomBytes } from "node:crypto";

const REQUIRED = ["PKB_CLIENT_ID", "PKB_ENCRYPTION_KEY"];

/** The path of the redirect URI, where the app takes people back. */
export const RETURN_PATH = "/return";

/**
 * @typedef {object} Configuration
 * @property {string} clientId
 * @property {"sandbox" | "production"} environment
 * @property {string} [redirectUri] As it is registered with PKB.
 * @property {string} store The path of an SQLite file, or an address of PostgreSQL.
 * @property {string} encryptionKey Of the tokens in the store.
 * @property {string} sessionKey Signs the cookies.
 * @property {number} port 0 for any free one.
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Configuration}
 */
export function readConfiguration(environment) {
  const missing = REQUIRED.filter((name) => !environment[name]);
  if (missing.length > 0) throw new Error(`Set ${missing.join(", ")}; README.md says to what.`);
  const port = Number(environment.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("PORT must be a number from 0 to 65535.");
  const pkb = environment.PKB_ENVIRONMENT ?? "sandbox";
  if (pkb !== "sandbox" && pkb !== "production") throw new Error("PKB_ENVIRONMENT must be sandbox or production.");
  const redirectUri = environment.PKB_REDIRECT_URI;
  if (redirectUri && !(URL.canParse(redirectUri) && new URL(redirectUri).pathname === RETURN_PATH)) {
    throw new Error(`PKB_REDIRECT_URI must be an address with the path ${RETURN_PATH}.`);
  }
  return {
    clientId: environment.PKB_CLIENT_ID ?? "",
    environment: pkb,
    redirectUri,
    store: environment.PKB_STORE ?? "data/links.sqlite",
    encryptionKey: environment.PKB_ENCRYPTION_KEY ?? "",
    sessionKey: environment.SESSION_KEY ?? randomBytes(32).toString("base64url"),
    port,
  };
}
