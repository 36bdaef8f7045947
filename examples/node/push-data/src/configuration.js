/** What the environment tells the app. */

const REQUIRED = ["DIGIME_APPLICATION_ID", "DIGIME_CONTRACT_ID", "DIGIME_PRIVATE_KEY"];

/**
 * @typedef {object} Configuration
 * @property {string} applicationId
 * @property {string} contractId
 * @property {string} privateKey The contract's RSA key in PEM form; its line breaks may be written as `\n`.
 * @property {number} port 0 for any free one.
 * @property {string} database The path of the SQLite file.
 * @property {string} [baseAddress] Where a browser finds the app.
 * @property {{ contractId: string, privateKey: string }} [readContract] With which what was pushed is read back.
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
  const { DIGIME_READ_CONTRACT_ID: readContractId, DIGIME_READ_PRIVATE_KEY: readKey } = environment;
  return {
    applicationId: environment.DIGIME_APPLICATION_ID ?? "",
    contractId: environment.DIGIME_CONTRACT_ID ?? "",
    privateKey: environment.DIGIME_PRIVATE_KEY ?? "",
    port,
    database: environment.DATABASE ?? "push-data.sqlite",
    baseAddress: environment.BASE_ADDRESS?.replace(/\/+$/, ""),
    readContract: readContractId && readKey ? { contractId: readContractId, privateKey: readKey } : undefined,
  };
}
