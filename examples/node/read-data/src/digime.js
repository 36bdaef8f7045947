/** What the app asks of digi.me. Tokens never come by here: the SDK keeps them. */

/**
 * @import { Callback, ContractDetails, FileDataEvent, FileErrorEvent, ReadingProgress, WithoutToken } from "digime-sdk"
 * @import { Sdk } from "./sdk.js"
 */

/** @typedef {ReturnType<typeof connectDigime>} Digime */

/**
 * @typedef {object} Listeners Those who are told what is read.
 * @property {Callback<WithoutToken<FileDataEvent>>} onFileData
 * @property {Callback<FileErrorEvent>} onFileError
 * @property {Callback<string>} onStatusChange
 * @property {Callback<ReadingProgress>} onProgress
 */

/**
 * @param {Sdk} sdk
 * @param {ContractDetails} contractDetails
 * @param {string} callback Where people come back to; registered with the contract.
 */
export function connectDigime(sdk, contractDetails, callback) {
  const { contractId } = contractDetails;

  return {
    /**
     * Where to send the person.
     * @param {string} appUserId
     */
    async begin(appUserId) {
      const includeSampleDataOnlySources = true;
      const { url } = await sdk.getConnectUrl({ appUserId, contractDetails, callback, includeSampleDataOnlySources });
      return url;
    },

    /**
     * Connects who has come back; the key of the session that can be read now.
     * @param {string} appUserId Who is here: nobody else may complete what they began.
     * @param {string} callbackUrl
     */
    async comeBack(appUserId, callbackUrl) {
      const { session } = await sdk.completeConnect({ appUserId, contractDetails, callbackUrl });
      return session.key;
    },

    /**
     * Whether the person's consent serves, as far as the store knows; digi.me is not asked.
     * @param {string} appUserId
     */
    async isConnected(appUserId) {
      const connection = await sdk.getConnection({ appUserId, contractId });
      return connection !== undefined && connection.status !== "expired";
    },

    /** @param {string} appUserId */
    async disconnect(appUserId) {
      await sdk.disconnect({ appUserId, contractId });
    },

    /**
     * The names of the sources that the person has connected.
     * @param {string} appUserId
     */
    async findSources(appUserId) {
      const { accounts } = await sdk.readAccounts({ appUserId, contractDetails });
      return accounts.map(
        ({ id, serviceProviderName, serviceTypeName }) => serviceProviderName ?? serviceTypeName ?? id,
      );
    },

    /**
     * Has digi.me fetch anew.
     * @param {string} appUserId
     * @returns {Promise<string>} The key of the session that can be read then.
     */
    async openSession(appUserId) {
      const { session } = await sdk.readSession({ appUserId, contractDetails });
      return session.key;
    },

    /**
     * Begins to read.
     * @param {string} appUserId
     * @param {string} sessionKey
     * @param {Listeners} listeners
     */
    readFiles(appUserId, sessionKey, listeners) {
      return sdk.readAllFiles({ appUserId, sessionKey, ...contractDetails, pollingInterval: 1000, ...listeners });
    },
  };
}
