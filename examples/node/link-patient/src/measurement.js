/** A measurement that a person fills in: when it makes sense, and how PKB's REST API takes it. */

import { PageError } from "./failure.js";

/** @import { Kind } from "./kinds.js" */

/**
 * @typedef {object} Entry
 * @property {string} apiRef
 * @property {string} takenDate
 * @property {{ apiRef: string, value: string }[]} values
 */

/**
 * @param {Record<string, string | undefined>} form
 * @param {Kind} kind
 * @returns {Entry}
 */
export function entryOf(form, kind) {
  return {
    apiRef: kind.apiRef,
    takenDate: date(form.taken_on ?? ""),
    values: kind.parts.map(({ apiRef, name, min, max }) => {
      const text = form[apiRef]?.trim() ?? "";
      const value = text === "" ? Number.NaN : Number(text);
      if (!(value >= min && value <= max)) throw invalid(`${name}: fill in a number from ${min} to ${max}.`);
      return { apiRef, value: String(value) };
    }),
  };
}

/** @param {string} text */
function date(text) {
  const time = Date.parse(text);
  // The comparison refuses what is no date of the calendar, such as 31 April.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${text}T`);
  if (!exists || time > Date.now()) throw invalid("Measured on: fill in a date that is not in the future.");
  return text;
}

/** @param {string} what */
function invalid(what) {
  return new PageError(422, "The measurement is not complete", `${what} Go back to change it.`);
}
