/** What a person fills in about themselves and their measurements, and when it makes sense. */

import { PageError } from "./failure.js";

/**
 * @typedef {object} Measurement
 * @property {{ given: string, family: string, birthDate: string }} person
 * @property {string} measuredOn A date.
 * @property {number} [weight] In kg.
 * @property {{ systolic: number, diastolic: number }} [bloodPressure] In mmHg.
 * @property {number} [heartRate] Beats in a minute.
 */

/**
 * @param {Record<string, string | undefined>} form
 * @returns {Measurement}
 */
export function measurementOf(form) {
  const systolic = number(form, "systolic", "Upper pressure", 30, 300);
  const diastolic = number(form, "diastolic", "Lower pressure", 20, 200);
  if ((systolic === undefined) !== (diastolic === undefined)) throw invalid("A blood pressure has two numbers.");
  const measurement = {
    person: {
      given: text(form, "given_name", "First name"),
      family: text(form, "family_name", "Last name"),
      birthDate: date(form, "birth_date", "Date of birth"),
    },
    measuredOn: date(form, "measured_on", "Measured on"),
    weight: number(form, "weight", "Weight", 0.5, 650),
    bloodPressure: systolic !== undefined && diastolic !== undefined ? { systolic, diastolic } : undefined,
    heartRate: number(form, "heart_rate", "Heart rate", 20, 300),
  };
  if (!measurement.weight && !measurement.bloodPressure && !measurement.heartRate) {
    throw invalid("Fill in at least one measurement.");
  }
  return measurement;
}

/**
 * @param {Record<string, string | undefined>} form
 * @param {string} field
 * @param {string} label
 */
function text(form, field, label) {
  const value = form[field]?.trim();
  if (!value || value.length > 100) throw invalid(`${label}: fill in up to 100 characters.`);
  return value;
}

/**
 * @param {Record<string, string | undefined>} form
 * @param {string} field
 * @param {string} label
 */
function date(form, field, label) {
  const value = form[field] ?? "";
  const time = Date.parse(value);
  // The comparison refuses what is no date of the calendar, such as 31 April.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${value}T`);
  if (!exists || time > Date.now()) throw invalid(`${label}: fill in a date that is not in the future.`);
  return value;
}

/**
 * @param {Record<string, string | undefined>} form
 * @param {string} field
 * @param {string} label
 * @param {number} min
 * @param {number} max
 */
function number(form, field, label, min, max) {
  const value = form[field]?.trim();
  if (!value) return undefined;
  const parsed = Number(value);
  if (!(parsed >= min && parsed <= max)) throw invalid(`${label}: fill in a number from ${min} to ${max}.`);
  return parsed;
}

/** @param {string} what */
function invalid(what) {
  return new PageError(422, "The measurement is not complete", `${what} Go back to change it.`);
}
