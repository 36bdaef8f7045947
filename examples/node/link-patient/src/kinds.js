/** The kinds of measurement that the app knows: what PKB's two APIs call them, and what a person may fill in. */

/**
 * @typedef {object} Part One number of a measurement, and one line of its chart.
 * @property {string} apiRef What the REST API calls it.
 * @property {string} loinc What FHIR calls it.
 * @property {string} name
 * @property {number} min
 * @property {number} max
 * @property {number} step
 */

/**
 * @typedef {object} Kind
 * @property {string} apiRef What the REST API calls it, and this app's own addresses.
 * @property {string} loinc What FHIR calls it.
 * @property {string} name
 * @property {string} unit As people write it.
 * @property {string} ucum As FHIR writes it.
 * @property {Part[]} parts
 */

/** @type {[Kind, ...Kind[]]} */
export const KINDS = [
  {
    apiRef: "weight",
    loinc: "29463-7",
    name: "Weight",
    unit: "kg",
    ucum: "kg",
    parts: [{ apiRef: "weight", loinc: "29463-7", name: "Weight", min: 0.5, max: 650, step: 0.1 }],
  },
  {
    apiRef: "blood-pressure",
    loinc: "85354-9",
    name: "Blood pressure",
    unit: "mmHg",
    ucum: "mm[Hg]",
    parts: [
      { apiRef: "systolic", loinc: "8480-6", name: "Systolic", min: 30, max: 300, step: 1 },
      { apiRef: "diastolic", loinc: "8462-4", name: "Diastolic", min: 20, max: 200, step: 1 },
    ],
  },
  {
    apiRef: "heart-rate",
    loinc: "8867-4",
    name: "Heart rate",
    unit: "beats/minute",
    ucum: "/min",
    parts: [{ apiRef: "heart-rate", loinc: "8867-4", name: "Heart rate", min: 20, max: 300, step: 1 }],
  },
];

/**
 * The kind that an address or a form names; the first, if it names none.
 * @param {unknown} apiRef
 * @returns {Kind}
 */
export function kindOf(apiRef) {
  return KINDS.find((kind) => kind.apiRef === apiRef) ?? KINDS[0];
}
