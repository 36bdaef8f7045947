/** What a person tells their care team of their pain: a form, and the Observation that the organisation sends of it. */

import { PageError } from "./failure.js";

/** @import { Resource } from "./customer.js" */

const MOST = 10;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * @param {Record<string, string | undefined>} form
 * @param {Date} now
 * @returns {(patient: { reference: string }) => Resource[]}
 */
export function painOf(form, now) {
  const text = form.pain?.trim() ?? "";
  if (!/^\d+$/.test(text) || Number(text) > MOST || !UUID.test(form.id ?? "")) {
    throw new PageError(422, "Your answer is not complete", `Fill in a whole number from 0 to ${MOST}.`);
  }
  return (subject) => [
    {
      resourceType: "Observation",
      // Of the form: who sends it again has it stored once.
      identifier: [{ system: "urn:ietf:rfc:3986", value: `urn:uuid:${form.id}` }],
      status: "final",
      code: {
        coding: [
          { system: "http://loinc.org", code: "72514-3", display: "Pain severity - 0-10 verbal numeric rating" },
        ],
        text: "Pain severity",
      },
      subject,
      effectiveDateTime: now.toISOString(),
      valueInteger: Number(text),
    },
  ];
}
