/** What the app asks of PKB. Tokens never come by here: the SDK stores them, encrypted, and keeps them fresh. */

import { initPkb } from "digime-sdk";
import { onBehalfOf } from "./organisation.js";

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
export function connectPkb(configuration, redirectUri) {
  const { clientId, environment, store, encryptionKey, organisation, oneTimePassword } = configuration;
  const { systemClient, customerSystemClient } = organisation;
  const sdk = initPkb({
    clientId,
    redirectUri,
    environment,
    store,
    encryptionKey,
    systemClient,
    customerSystemClient,
    endpoints: { oneTimePassword },
  });

  return {
    organisation: onBehalfOf(sdk, organisation),

    /** Whether PKB's own pages can be opened. */
    canOpenPages: oneTimePassword !== undefined,

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
      await sdk.addMeasurement({ appUserId, measurement: entry });
    },

    /**
     * How many measurements there are, devices' among them, which only PKB's REST API tells.
     * @param {string} appUserId
     */
    async countMeasurements(appUserId) {
      return /** @type {unknown[]} */ (await sdk.getMeasurements({ appUserId })).length;
    },

    /**
     * Who may see what of somebody's record.
     * @param {string} appUserId
     */
    async readConsents(appUserId) {
      return sdk.getConsents({ appUserId });
    },

    /**
     * When somebody's record last changed.
     * @param {string} appUserId
     */
    async lastChange(appUserId) {
      const [change] = await sdk.getLastChange({ appUserId });
      return change?.lastChange;
    },

    /**
     * The records that change, as they do, until this is closed.
     * @param {number} every How long after a look at a record it is looked at again, in milliseconds.
     */
    watch(every) {
      return sdk.watch({ every });
    },

    /**
     * An address that opens a page of PKB's without logging in there, once: it goes to the browser, and nowhere else.
     * @param {string} appUserId
     * @param {string} path
     */
    async signIn(appUserId, path) {
      const { url } = await sdk.getSignInUrl({ appUserId, path });
      return url;
    },
  };
}
