/** What the app asks of digi.me with the contract that reads: the library's files, out of it again. */

import { init, ServerError } from "digime-sdk";

/**
 * @import { FileDataEvent, UserAccessToken } from "digime-sdk"
 * @import { Store } from "./store.js"
 */

/** @typedef {ReturnType<typeof connectLibrary>} Library */

// Only what is in the library already: no source needs to be asked for anything newer.
const PULL = { sourceFetch: false };

const LONGEST_READING = 60_000;

/**
 * @param {{ applicationId: string, contractId: string, privateKey: string }} contract
 * @param {string} callback Where people come back to; registered with this contract too.
 * @param {Store} store
 */
export function connectLibrary({ applicationId, contractId, privateKey }, callback, store) {
  const sdk = init({ applicationId });
  const contractDetails = { contractId, privateKey };

  /**
   * @param {string} sessionId
   * @param {UserAccessToken} userAccessToken
   */
  function asUser(sessionId, userAccessToken) {
    return {
      userAccessToken,
      /** @param {UserAccessToken} token */
      onAccessTokenChange: (token) => store.saveReadToken(sessionId, token),
    };
  }

  return {
    /**
     * Where to send the person, the verifier to keep until they are back, and the session that can be read then.
     * @param {string} state
     * @param {UserAccessToken} userAccessToken Of the contract that pushes: it says whose library is meant.
     */
    async authorize(state, userAccessToken) {
      return sdk.getAuthorizeUrl({ contractDetails, callback, state, sessionOptions: { pull: PULL }, userAccessToken });
    },

    /**
     * @param {string} sessionId
     * @param {{ codeVerifier: string, authorizationCode: string }} grant
     */
    async exchangeCode(sessionId, grant) {
      store.saveReadToken(sessionId, await sdk.exchangeCodeForToken({ contractDetails, ...grant }));
    },

    /**
     * The key of a session that can be read; none if the person has not agreed to it, or does so no more.
     * @param {string} sessionId
     * @returns {Promise<string | undefined>}
     */
    async openSession(sessionId) {
      const token = store.findReadToken(sessionId);
      if (!token) return undefined;
      try {
        const user = asUser(sessionId, token);
        const { session } = await sdk.readSession({ contractDetails, sessionOptions: PULL, ...user });
        return session.key;
      } catch (error) {
        // A consent that has ended must not keep the person from giving it anew.
        if (!(error instanceof ServerError && error.error?.code === "InvalidToken")) throw error;
        store.forgetReadToken(sessionId);
        return undefined;
      }
    },

    /**
     * @param {string} sessionId
     * @param {string} sessionKey
     * @param {(file: FileDataEvent) => void} onFileData
     */
    async readFiles(sessionId, sessionKey, onFileData) {
      const token = store.findReadToken(sessionId);
      if (!token) throw new Error("This session has no token to read with: nothing must be read for it.");
      const { response } = sdk.readAllFiles({
        sessionKey,
        contractId,
        privateKey,
        ...asUser(sessionId, token),
        pollingInterval: 500,
        pollingLimits: { total: LONGEST_READING },
        onFileData,
        onFileError: ({ error }) => {
          throw error;
        },
      });
      await response;
    },
  };
}
