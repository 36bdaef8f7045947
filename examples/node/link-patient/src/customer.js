/** How data of one's own is sent to PKB's Customer API: the organisation first, then the patient, then the data. */

/** @import { Organisation } from "./configuration.js" */

const ORG_CODE = "http://fhir.patientsknowbest.com/id/org-code";
const TIME_ZONE = "http://fhir.patientsknowbest.com/structuredefinition/time-zone-id";
const PUBLIC_ID = "http://fhir.patientsknowbest.com/id/public-id";

/**
 * A transaction that may be sent again: each resource has an identifier, and is made where there is none with it.
 * @param {Organisation} organisation
 * @param {string} publicId The patient's.
 * @param {(patient: { reference: string }) => Resource[]} dataAbout
 */
export function transactionOf({ code }, publicId, dataAbout) {
  const organization = referenceTo();
  const patient = referenceTo();
  return {
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      entry(organization, {
        resourceType: "Organization",
        identifier: [{ system: ORG_CODE, value: code }],
        extension: [{ url: TIME_ZONE, valueString: "Europe/London" }],
      }),
      entry(patient, {
        resourceType: "Patient",
        identifier: [{ system: PUBLIC_ID, value: publicId }],
        // By it PKB knows from whom the data are. Without one it may show them to nobody, with no word of it.
        managingOrganization: organization,
      }),
      ...dataAbout(patient).map((resource) => entry(referenceTo(), resource)),
    ],
  };
}

/** @typedef {{ resourceType: string, identifier: [{ system: string, value: string }], [member: string]: unknown }} Resource */

/** To a resource of the same transaction. */
function referenceTo() {
  return { reference: `urn:uuid:${crypto.randomUUID()}` };
}

/**
 * @param {{ reference: string }} self
 * @param {Resource} resource
 */
function entry({ reference }, resource) {
  const { resourceType, identifier } = resource;
  const [{ system, value }] = identifier;
  const ifNoneExist = new URLSearchParams({ identifier: `${system}|${value}` }).toString();
  return { fullUrl: reference, resource, request: { method: "POST", url: resourceType, ifNoneExist } };
}
