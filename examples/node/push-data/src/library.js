/** What the app asks of digi.me with the contract that reads: the library's files, out of it again. */

import { ConnectionExpiredError, NotConnectedError } from "digime-sdk";

/**
 * @import { ContractDetails, FileDataEvent, WithoutToken } from "digime-sdk"
 * @import { Sdk } from "./sdk.js"
 */

/** @typedef {ReturnType<typeof connectLibrary>} Library */

// Only what is in the library already: no source needs to be asked for anything newer.
const PULL = { sourceFetch: false };

const LONGEST_READING = 60_000;

/**
 * @param {Sdk} sdk
 * @param {ContractDetails} contractDetails
 * @param {ContractDetails} libraryContract The one that pushes: whose library it is that is read.
 * @param {string} callback Where people come back to; registered with the contract that reads.
 */
export function connectLibrary(sdk, contractDetails, libraryContract, callback) {
  return {
    /**
     * Where to send the person.
     * @param {string} appUserId
     */
    async begin(appUserId) {
      const sessionOptions = { pull: PULL };
      const asked = { appUserId, contractDetails, libraryContract, callback, sessionOptions };
      const { url } = await sdk.getConnectUrl(asked);
      return url;
    },

    /**
     * Connects who has come back; the key of the session that can be read now.
     * @param {string} appUserId
     * @param {string} callbackUrl
     */
    async comeBack(appUserId, callbackUrl) {
      const { session } = await sdk.completeConnect({ appUserId, contractDetails, callbackUrl });
      return session.key;
    },

    /**
     * The key of a session that can be read; none if the person has not agreed to it, or does so no more.
     * @param {string} appUserId
     * @returns {Promise<string | undefined>}
     */
    async openSession(appUserId) {
      try {
        const { session } = await sdk.readSession({ appUserId, contractDetails, sessionOptions: PULL });
        return session.key;
      } catch (error) {
        if (error instanceof NotConnectedError || error instanceof ConnectionExpiredError) return undefined;
        throw error;
      }
    },

    /**
     * @param {string} appUserId
     * @param {string} sessionKey
     * @param {(file: WithoutToken<FileDataEvent>) => void} onFileData
     */
    async readFiles(appUserId, sessionKey, onFileData) {
      const { response } = sdk.readAllFiles({
        appUserId,
        sessionKey,
        ...contractDetails,
        pollingInterval: 500,
        pollingLimits: { total: LONGEST_READING },
        onFileData,
        onFileError: ({ error }) => {
          throw error;
        },
      });
      await response;
    },

    /** @param {string} appUserId */
    async disconnect(appUserId) {
      await sdk.disconnect({ appUserId, contractId: contractDetails.contractId });
    },
  };
}
