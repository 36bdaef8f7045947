/** What the app asks of digi.me; every token that comes back is stored before anything else happens. */

import { DigiMeSDKError, init, ServerError } from "digime-sdk";

/**
 * @import { ReadAccountsResponse, UserAccessToken } from "digime-sdk"
 * @import { Configuration } from "./configuration.js"
 * @import { Account, Destination, Store } from "./store.js"
 */

/** @typedef {ReturnType<typeof connectDigime>} Digime */

/**
 * @param {Configuration} configuration
 * @param {string} callback Where people come back to; registered with the contract.
 * @param {Store} store
 */
export function connectDigime({ applicationId, contractId, privateKey }, callback, store) {
  const sdk = init({ applicationId });
  const contractDetails = { contractId, privateKey };

  /** @param {string} sessionId */
  async function readAccounts(sessionId) {
    try {
      const result = await sdk.readAccounts({ contractDetails, userAccessToken: tokenOf(sessionId) });
      store.saveToken(sessionId, result.userAccessToken);
      return result;
    } catch (error) {
      if (error instanceof DigiMeSDKError && error.userAccessToken) store.saveToken(sessionId, error.userAccessToken);
      throw error;
    }
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

  /** @param {string} sessionId */
  function tokenOf(sessionId) {
    const token = store.findToken(sessionId);
    if (!token) throw new Error("This session has no token: its pages must not offer what needs one.");
    return token;
  }

  /**
   * What both kinds of push have in common.
   * @param {string} sessionId
   */
  function onBehalfOf(sessionId) {
    return {
      contractDetails,
      userAccessToken: tokenOf(sessionId),
      /** @param {UserAccessToken} token */
      onAccessTokenChange: async (token) => store.saveToken(sessionId, token),
    };
  }

  return {
    currentToken,

    /**
     * Where to send the person, and the verifier to keep until they are back.
     * @param {string} sessionId
     * @param {{ destination: Destination, state: string }} attempt
     */
    async authorize(sessionId, { destination, state }) {
      return sdk.getAuthorizeUrl({
        contractDetails,
        callback,
        state,
        sourceType: destination === "provider" ? "push" : "pull",
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
     * The account that the person has just connected.
     * @param {string} sessionId
     * @param {string} accountReference
     * @returns {Promise<Account | undefined>}
     */
    async findAccount(sessionId, accountReference) {
      const { accounts } = await readAccounts(sessionId);
      const account = accounts.find(({ reference }) => reference === accountReference);
      return account && { id: account.id, name: nameOf(account) };
    },

    /**
     * @param {string} sessionId
     * @param {string} accountId
     * @param {{ content: Buffer, name: string, mimeType: string, tags: string[] }} file
     */
    async pushFile(sessionId, accountId, { content, name, mimeType, tags }) {
      await sdk.pushData({
        ...onBehalfOf(sessionId),
        type: "library",
        data: {
          fileData: content,
          fileName: name,
          fileDescriptor: { mimeType, accounts: [{ accountId }], reference: [name], tags },
        },
      });
    },

    /**
     * @param {string} sessionId
     * @param {string} accountId
     * @param {object} bundle
     */
    async pushBundle(sessionId, accountId, bundle) {
      const fhir = /** @type {const} */ ({ type: "provider", standard: "fhir", version: "stu3" });
      await sdk.pushData({ ...onBehalfOf(sessionId), ...fhir, accountId, data: bundle });
    },
  };
}

/** @param {ReadAccountsResponse["accounts"][number]} account */
function nameOf(account) {
  return account.serviceProviderName ?? account.serviceTypeName ?? account.id;
}
