/** What the app asks of PKB. Tokens never come by here: the SDK stores them, encrypted, and keeps them fresh. */

import { initPkb } from "digime-sdk";

/**
 * @import { CompleteLinkOptions } from "digime-sdk"
 * @import { Configuration } from "./configuration.js"
 * @import { Entry } from "./measurement.js"
 * @import { Observation } from "./observations.js"
 */

/** @typedef {ReturnType<typeof connectPkb>} Pkb */

/** @typedef {{ kind: string }} Context What a link is asked for with, and completed with: the measurements to go on with. */

/**
 * @param {Configuration} configuration
 * @param {string} redirectUri Where people come back to; registered with PKB.
 */
export function connectPkb({ clientId, environment, store, encryptionKey }, redirectUri) {
  const sdk = initPkb({ clientId, redirectUri, environment, store, encryptionKey });

  return {
    /**
     * The address at PKB to send the person to.
     * @param {string} appUserId
     * @param {Context} context
     */
    async beginLink(appUserId, context) {
      const { url } = await sdk.getLinkUrl({ appUserId, context });
      return url;
    },

    /**
     * @param {string} appUserId Who is logged in: nobody else may complete what they began.
     * @param {string} callbackUrl
     * @param {CompleteLinkOptions["onConflict"]} onConflict
     * @returns {Promise<Context>}
     */
    async completeLink(appUserId, callbackUrl, onConflict) {
      const { context } = await sdk.completeLink({ callbackUrl, appUserId, onConflict });
      return /** @type {Context} */ (context);
    },

    /** What calls would fail of; PKB is not asked. */
    async findProblems() {
      return (await sdk.check()).findings;
    },

    /**
     * Refreshes the links whose tokens were not refreshed for so long.
     * @param {number} idleFor In milliseconds.
     */
    async keepAlive(idleFor) {
      return sdk.keepAlive({ idleFor });
    },

    /** Waits until tokens that are on their way are stored. */
    async close() {
      await sdk.close();
    },

    /** @param {string} appUserId */
    async findLink(appUserId) {
      return sdk.getLink({ appUserId });
    },

    /** @param {string} appUserId */
    async unlink(appUserId) {
      await sdk.unlink({ appUserId });
    },

    /** @param {string} appUserId */
    async readPatient(appUserId) {
      return sdk.getCurrentUser({ appUserId });
    },

    /**
     * All vital signs, from however many pages.
     * @param {string} appUserId
     * @returns {Promise<Observation[]>}
     */
    async readVitalSigns(appUserId) {
      const patient = await sdk.getPublicId({ appUserId });
      const parameters = { patient, category: "vital-signs" };
      const observations = [];
      for await (const page of sdk.fhirSearch({ appUserId, resourceType: "Observation", parameters })) {
        const { entry = [] } = /** @type {{ entry?: { resource: Observation }[] }} */ (page);
        observations.push(...entry.map(({ resource }) => resource));
      }
      return observations;
    },

    /**
     * @param {string} appUserId
     * @param {Entry} entry
     */
    async addMeasurement(appUserId, entry) {
      await sdk.request({ appUserId, method: "POST", path: "/json/v1/measurements", body: entry });
    },
  };
}
