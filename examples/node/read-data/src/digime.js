/** What the app asks of digi.me; a new token is stored before it is used. */

import { init, ServerError } from "digime-sdk";

/**
 * @import { Callback, FileDataEvent, FileErrorEvent, ReadingProgress, UserAccessToken } from "digime-sdk"
 * @import { Configuration } from "./configuration.js"
 * @import { Store } from "./store.js"
 */

/** @typedef {ReturnType<typeof connectDigime>} Digime */

/**
 * @typedef {object} Listeners Those who are told what is read.
 * @property {Callback<FileDataEvent>} onFileData
 * @property {Callback<FileErrorEvent>} onFileError
 * @property {Callback<string>} onStatusChange
 * @property {Callback<ReadingProgress>} onProgress
 */

/**
 * @param {Configuration} configuration
 * @param {string} callback Where people come back to; registered with the contract.
 * @param {Store} store
 */
export function connectDigime({ applicationId, contractId, privateKey }, callback, store) {
  const sdk = init({ applicationId });
  const contractDetails = { contractId, privateKey };

  /** @param {string} sessionId */
  function asUser(sessionId) {
    const userAccessToken = store.findToken(sessionId);
    if (!userAccessToken) throw new Error("This session has no token: its pages must not offer what needs one.");
    return {
      userAccessToken,
      /** @param {UserAccessToken} token */
      onAccessTokenChange: (token) => store.saveToken(sessionId, token),
    };
  }

  /** @param {string} sessionId */
  async function readAccounts(sessionId) {
    return sdk.readAccounts({ contractDetails, ...asUser(sessionId) });
  }

  /**
   * A token that digi.me takes, so that the same person is asked again; none if there is none, or none any more.
   * @param {string} sessionId
   */
  async function currentToken(sessionId) {
    if (!store.findToken(sessionId)) return undefined;
    try {
      return (await readAccounts(sessionId)).userAccessToken;
    } catch (error) {
      // A consent that has ended must not keep the person from giving it anew.
      if (!(error instanceof ServerError && error.error?.code === "InvalidToken")) throw error;
      store.forgetConsent(sessionId);
      return undefined;
    }
  }

  return {
    /**
     * Where to send the person, the verifier to keep until they are back, and the session that can be read then.
     * @param {string} sessionId
     * @param {string} state
     */
    async authorize(sessionId, state) {
      return sdk.getAuthorizeUrl({
        contractDetails,
        callback,
        state,
        includeSampleDataOnlySources: true,
        userAccessToken: await currentToken(sessionId),
      });
    },

    /**
     * @param {string} sessionId
     * @param {{ codeVerifier: string, authorizationCode: string }} grant
     */
    async exchangeCode(sessionId, grant) {
      store.saveToken(sessionId, await sdk.exchangeCodeForToken({ contractDetails, ...grant }));
    },

    /**
     * The names of the sources that the person has connected.
     * @param {string} sessionId
     */
    async findSources(sessionId) {
      const { accounts } = await readAccounts(sessionId);
      return accounts.map(
        ({ id, serviceProviderName, serviceTypeName }) => serviceProviderName ?? serviceTypeName ?? id,
      );
    },

    /**
     * Has digi.me fetch anew.
     * @param {string} sessionId
     * @returns {Promise<string>} The key of the session that can be read then.
     */
    async openSession(sessionId) {
      const { session } = await sdk.readSession({ contractDetails, ...asUser(sessionId) });
      return session.key;
    },

    /**
     * Begins to read.
     * @param {string} sessionId
     * @param {string} sessionKey
     * @param {Listeners} listeners
     */
    readFiles(sessionId, sessionKey, listeners) {
      return sdk.readAllFiles({
        sessionKey,
        contractId,
        privateKey,
        pollingInterval: 1000,
        ...asUser(sessionId),
        ...listeners,
      });
    },
  };
}
