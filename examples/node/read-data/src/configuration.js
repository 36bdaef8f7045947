/** What the environment tells the app. */

const REQUIRED = ["DIGIME_APPLICATION_ID", "DIGIME_CONTRACT_ID", "DIGIME_PRIVATE_KEY", "DIGIME_ENCRYPTION_KEY"];

/** @import { ContractDetails } from "digime-sdk" */

/**
 * @typedef {object} Configuration
 * @property {string} applicationId
 * @property {ContractDetails} contract The line breaks of its key may be written as `\n`.
 * @property {string} connections Where the SDK keeps people connected: the path of an SQLite file, or an address of PostgreSQL.
 * @property {string} encryptionKey Of the tokens in there.
 * @property {number} port 0 for any free one.
 * @property {string} database The path of the app's own SQLite file.
 * @property {string} [baseAddress] Where a browser finds the app.
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
  return {
    applicationId: environment.DIGIME_APPLICATION_ID ?? "",
    contract: { contractId: environment.DIGIME_CONTRACT_ID ?? "", privateKey: environment.DIGIME_PRIVATE_KEY ?? "" },
    connections: environment.DIGIME_STORE ?? "data/connections.sqlite",
    encryptionKey: environment.DIGIME_ENCRYPTION_KEY ?? "",
    port,
    database: environment.DATABASE ?? "data/read-data.sqlite",
    baseAddress: environment.BASE_ADDRESS?.replace(/\/+$/, ""),
  };
}
