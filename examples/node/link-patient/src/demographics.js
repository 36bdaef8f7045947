/** What a person sees of who they are, in words. */

/** @import { CurrentUser } from "digime-sdk" */

const SEXES = new Map([
  ["F", "Female"],
  ["I", "Indeterminate"],
  ["M", "Male"],
  ["U", "Unknown"],
]);

/**
 * Names and values; what PKB does not know is left out.
 * @param {CurrentUser} patient
 * @returns {[string, string][]}
 */
export function demographicsOf(patient) {
  const { gender, address1, address2, city, state, postalCode, country, heightCm, weightKg } = patient;
  /** @type {[string, string | undefined][]} */
  const rows = [
    ["Date of birth", patient.dob],
    ["Sex assigned at birth", gender && (SEXES.get(gender) ?? gender)],
    ["Email", patient.email],
    ["Phone", patient.phone],
    ["Address", [address1, address2, city, state, postalCode, country].filter(Boolean).join(", ")],
    ["Height", heightCm === undefined ? undefined : `${heightCm} cm`],
    ["Weight", weightKg === undefined ? undefined : `${weightKg} kg`],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value]] : []));
}
