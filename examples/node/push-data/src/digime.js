/** What the app asks of digi.me with the contract that pushes. Tokens never come by here: the SDK keeps them. */

/**
 * @import { ContractDetails, ReadAccountsResponse } from "digime-sdk"
 * @import { Sdk } from "./sdk.js"
 * @import { Account, Destination } from "./store.js"
 */

/** @typedef {ReturnType<typeof connectDigime>} Digime */

/**
 * @param {Sdk} sdk
 * @param {ContractDetails} contractDetails
 * @param {string} callback Where people come back to; registered with the contract.
 */
export function connectDigime(sdk, contractDetails, callback) {
  const { contractId } = contractDetails;

  return {
    /**
     * Where to send the person; `comeBack` is told the destination again.
     * @param {string} appUserId
     * @param {Destination} destination
     */
    async begin(appUserId, destination) {
      const sourceType = destination === "provider" ? "push" : "pull";
      const context = { destination };
      const { url } = await sdk.getConnectUrl({ appUserId, contractDetails, callback, sourceType, context });
      return url;
    },

    /**
     * Connects who has come back; what they have connected.
     * @param {string} appUserId Who is here: nobody else may complete what they began.
     * @param {string} callbackUrl
     * @returns {Promise<{ destination: Destination, account: Account | undefined }>}
     */
    async comeBack(appUserId, callbackUrl) {
      const { context, accountReference } = await sdk.completeConnect({ appUserId, contractDetails, callbackUrl });
      const { destination } = /** @type {{ destination: Destination }} */ (context);
      const { accounts } = await sdk.readAccounts({ appUserId, contractDetails });
      const account = accounts.find(({ reference }) => reference === accountReference);
      return { destination, account: account && { id: account.id, name: nameOf(account) } };
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
     * @param {string} appUserId
     * @param {string} accountId
     * @param {{ content: Buffer, name: string, mimeType: string, tags: string[] }} file
     */
    async pushFile(appUserId, accountId, { content, name, mimeType, tags }) {
      await sdk.pushData({
        appUserId,
        contractDetails,
        type: "library",
        data: {
          fileData: content,
          fileName: name,
          fileDescriptor: { mimeType, accounts: [{ accountId }], reference: [name], tags },
        },
      });
    },

    /**
     * @param {string} appUserId
     * @param {string} accountId
     * @param {object} bundle
     */
    async pushBundle(appUserId, accountId, bundle) {
      const fhir = /** @type {const} */ ({ type: "provider", standard: "fhir", version: "stu3" });
      await sdk.pushData({ appUserId, contractDetails, ...fhir, accountId, data: bundle });
    },
  };
}

/** @param {ReadAccountsResponse["accounts"][number]} account */
function nameOf(account) {
  return account.serviceProviderName ?? account.serviceTypeName ?? account.id;
}
