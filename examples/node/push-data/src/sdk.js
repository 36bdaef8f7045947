/** The SDK, one for the process, with the store in which it keeps people connected. */

import { init } from "digime-sdk";

/** @import { Configuration } from "./configuration.js" */

/** @typedef {ReturnType<typeof openSdk>} Sdk */

/** @param {Configuration} configuration */
export function openSdk({ applicationId, connections, encryptionKey }) {
  return init({ applicationId, store: connections, encryptionKey });
}
