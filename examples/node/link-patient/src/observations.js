/** Measurements, as FHIR's Observations tell them. */

/** @import { Kind, Part } from "./kinds.js" */

/** @typedef {{ coding?: { system?: string, code?: string }[] }} CodeableConcept */
/** @typedef {{ code: CodeableConcept, valueQuantity?: { value?: number, code?: string } }} Measured */

/**
 * @typedef {Measured & { status: string, effectiveDateTime?: string, component?: Measured[] }} Observation What the app reads
 * of one.
 */

/**
 * @typedef {object} Measurement
 * @property {Date} takenAt
 * @property {number[]} values One for each part of its kind.
 */

/**
 * The measurements of a kind, the oldest first. What has been withdrawn is left out, and what is in another unit: it cannot be
 * compared with the rest.
 * @param {Observation[]} observations
 * @param {Kind} kind
 * @returns {Measurement[]}
 */
export function measurementsOf(observations, kind) {
  return observations
    .filter(({ code, status }) => hasLoinc(code, kind.loinc) && status !== "entered-in-error" && status !== "cancelled")
    .map((observation) => ({
      takenAt: new Date(observation.effectiveDateTime ?? Number.NaN),
      values: kind.parts.map((part) => numberOf(observation, part, kind.ucum)),
    }))
    .filter(({ takenAt, values }) => [takenAt.getTime(), ...values].every(Number.isFinite))
    .sort((one, other) => one.takenAt.getTime() - other.takenAt.getTime());
}

/**
 * @param {Observation} observation
 * @param {Part} part
 * @param {string} ucum
 */
function numberOf(observation, part, ucum) {
  const measured = [observation, ...(observation.component ?? [])].find(({ code }) => hasLoinc(code, part.loinc));
  const quantity = measured?.valueQuantity;
  return quantity?.code === ucum ? (quantity.value ?? Number.NaN) : Number.NaN;
}

/**
 * @param {CodeableConcept} concept
 * @param {string} loinc
 */
function hasLoinc({ coding = [] }, loinc) {
  return coding.some(({ system, code }) => system === "http://loinc.org" && code === loinc);
}
