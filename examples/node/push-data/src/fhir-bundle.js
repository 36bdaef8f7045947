/** A self-measurement as FHIR: the STU3 batch that MedMij's information standard for vital signs prescribes. */

import { randomUUID } from "node:crypto";

/** @import { Measurement } from "./measurement.js" */

const LOINC = "http://loinc.org";
const UCUM = "http://unitsofmeasure.org";
const PATIENT_PROFILE = "http://fhir.nl/fhir/StructureDefinition/nl-core-patient";
const ZIB = "http://nictiz.nl/fhir/StructureDefinition/zib-";
const VITAL_SIGNS = {
  coding: [{ system: "http://hl7.org/fhir/observation-category", code: "vital-signs", display: "Vital Signs" }],
};

/**
 * One Patient and an Observation of each thing measured, posted together.
 * @param {Measurement} measurement
 */
export function bundleOf({ person, measuredOn, weight, bloodPressure, heartRate }) {
  const patient = entry({
    resourceType: "Patient",
    meta: { profile: [PATIENT_PROFILE] },
    name: [{ text: `${person.given} ${person.family}`, family: person.family, given: [person.given] }],
    birthDate: person.birthDate,
  });
  const reference = { reference: patient.fullUrl, display: `${person.given} ${person.family}` };

  /**
   * @param {string} profile
   * @param {object} code
   * @param {object} value
   */
  const observation = (profile, code, value) =>
    entry({
      resourceType: "Observation",
      meta: { profile: [ZIB + profile] },
      status: "final",
      category: [VITAL_SIGNS],
      code,
      subject: reference,
      effectiveDateTime: measuredOn,
      performer: [reference],
      ...value,
    });

  const observations = [];
  if (weight !== undefined) {
    const value = { valueQuantity: quantity(weight, "kg", "kg") };
    observations.push(observation("BodyWeight", loinc("29463-7", "Body weight"), value));
  }
  if (bloodPressure !== undefined) {
    const code = loinc("85354-9", "Blood pressure panel with all children optional");
    const component = [
      pressure("8480-6", "Systolic blood pressure", bloodPressure.systolic),
      pressure("8462-4", "Diastolic blood pressure", bloodPressure.diastolic),
    ];
    observations.push(observation("BloodPressure", code, { component }));
  }
  if (heartRate !== undefined) {
    const value = { valueQuantity: quantity(heartRate, "/min", "/min") };
    observations.push(observation("HeartRate", loinc("8867-4", "Heart rate"), value));
  }
  return { resourceType: "Bundle", type: "batch", entry: [patient, ...observations] };
}

/** @param {{ resourceType: string, [element: string]: unknown }} resource */
function entry(resource) {
  return {
    fullUrl: `urn:uuid:${randomUUID()}`,
    resource,
    request: { method: "POST", url: resource.resourceType },
  };
}

/**
 * @param {string} code
 * @param {string} display
 */
function loinc(code, display) {
  return { coding: [{ system: LOINC, code, display }], text: display };
}

/**
 * @param {number} value
 * @param {string} unit
 * @param {string} code
 */
function quantity(value, unit, code) {
  return { value, unit, system: UCUM, code };
}

/**
 * @param {string} code
 * @param {string} display
 * @param {number} value
 */
function pressure(code, display, value) {
  return { code: loinc(code, display), valueQuantity: quantity(value, "mmHg", "mm[Hg]") };
}
