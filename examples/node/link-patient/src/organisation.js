/** What the app asks of PKB on behalf of the organisation that runs it. */

import { transactionOf } from "./customer.js";

/**
 * @import { Invitation, PatientIdentifier, PkbSDK, RecordStatus } from "digime-sdk"
 * @import { Organisation } from "./configuration.js"
 * @import { Resource } from "./customer.js"
 */

/**
 * @param {PkbSDK} sdk
 * @param {Organisation} organisation
 */
export function onBehalfOf(sdk, organisation) {
  const orgPublicId = organisation.publicId;

  return {
    /** How PKB refers to the organisation's team. */
    team: `Organization/${orgPublicId}`,

    /**
     * Whether somebody has a record that they can log in to.
     * @param {PatientIdentifier} identifier
     * @returns {Promise<RecordStatus | undefined>}
     */
    async findRecord(identifier) {
      const [status] = await sdk.getRecordStatus({ orgPublicId, identifiers: [identifier] });
      return status;
    },

    /**
     * Has PKB make an invitation; none, if it makes none for this patient.
     * @param {PatientIdentifier} identifier
     * @returns {Promise<Invitation | undefined>}
     */
    async invite(identifier) {
      const { invitations } = await sdk.inviteToRecord({ orgPublicId, identifiers: [identifier] });
      return invitations[0];
    },

    /**
     * Puts somebody who has linked into the organisation, as PKB knows them. It may be done again.
     * @param {string} appUserId
     */
    async join(appUserId) {
      await sdk.joinOrganisation({ orgPublicId, appUserId });
    },

    /**
     * How many resources of a type the organisation sees of somebody, from all sources.
     * @param {string} appUserId
     * @param {string} resourceType
     */
    async countAggregated(appUserId, resourceType) {
      let count = 0;
      for await (const { searchMode } of sdk.fhirSearchResources({ surface: "aggregated", appUserId, resourceType })) {
        if (searchMode === "match") count += 1;
      }
      return count;
    },

    /**
     * Sends data about somebody. It may be done again.
     * @param {string} appUserId
     * @param {(patient: { reference: string }) => Resource[]} dataAbout
     */
    async send(appUserId, dataAbout) {
      const publicId = await sdk.getPublicId({ appUserId });
      await sdk.fhirTransaction({ bundle: transactionOf(organisation, publicId, dataAbout) });
    },
  };
}
