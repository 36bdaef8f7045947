/** FHIR STU3 as tables that a person can read: which elements of a resource matter, and what they are called. */

/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string[]} columns
 * @property {string[][]} rows
 */

/** @typedef {any} Json Whatever a source sent: nothing of it can be relied on. */
/** @typedef {Record<string, (resource: Json) => unknown>} Columns */

/** @type {Record<string, Columns>} */
const KNOWN = {
  Patient: {
    Name: ({ name }) => name?.[0]?.text ?? name?.[0]?.family,
    "Date of birth": ({ birthDate }) => birthDate,
    Gender: ({ gender }) => gender,
    City: ({ address }) => address?.[0]?.city,
  },
  Observation: {
    When: ({ effectiveDateTime, effectivePeriod }) => dayOf(effectiveDateTime ?? effectivePeriod?.start),
    What: ({ code }) => nameOf(code),
    Value: measured,
  },
  MedicationStatement: {
    Medication: medicationOf,
    Dosage: ({ dosage }) => dosage?.[0]?.text,
    From: ({ effectivePeriod }) => dayOf(effectivePeriod?.start),
    Until: ({ effectivePeriod }) => dayOf(effectivePeriod?.end),
    Status: ({ status }) => status,
  },
  MedicationDispense: {
    "Handed out": ({ whenHandedOver }) => dayOf(whenHandedOver),
    Medication: medicationOf,
    Quantity: ({ quantity }) => quantityOf(quantity),
    Status: ({ status }) => status,
  },
  AllergyIntolerance: {
    "Allergic to": ({ code }) => nameOf(code),
    Criticality: ({ criticality }) => criticality,
    Since: ({ assertedDate }) => dayOf(assertedDate),
    Status: ({ clinicalStatus }) => clinicalStatus,
  },
};

/** @type {Columns} */
const ANY_RESOURCE = { Id: ({ id }) => id, "As it is": (resource) => JSON.stringify(resource, undefined, 2) };

/**
 * A table for each kind of resource in a Bundle, or for a resource alone; none for what is not FHIR.
 * @param {Json} document
 * @returns {Table[]}
 */
export function tablesOf(document) {
  const isBundle = document?.resourceType === "Bundle" && Array.isArray(document.entry);
  const resources = isBundle ? document.entry.map((/** @type {Json} */ entry) => entry?.resource) : [document];
  /** @type {Map<string, Table>} */
  const tables = new Map();
  for (const resource of resources) {
    const title = resource?.resourceType;
    if (typeof title !== "string") continue;
    const columns = (Object.hasOwn(KNOWN, title) && KNOWN[title]) || ANY_RESOURCE;
    const table = tables.get(title) ?? { title, columns: Object.keys(columns), rows: [] };
    table.rows.push(Object.values(columns).map((read) => String(read(resource) ?? "")));
    tables.set(title, table);
  }
  return [...tables.values()];
}

/** @param {Json} dateTime */
function dayOf(dateTime) {
  return dateTime && String(dateTime).slice(0, 10);
}

/** @param {Json} concept */
function nameOf(concept) {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code;
}

/** @param {Json} resource */
function medicationOf({ medicationCodeableConcept, medicationReference }) {
  return nameOf(medicationCodeableConcept) ?? medicationReference?.display;
}

/** @param {Json} quantity */
function quantityOf(quantity) {
  return quantity && [quantity.value, quantity.unit ?? quantity.code].filter((part) => part !== undefined).join(" ");
}

/**
 * @param {Json} observation An Observation or a component of one.
 * @returns {unknown}
 */
function measured({ component, valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueDateTime }) {
  if (Array.isArray(component)) return component.map((part) => `${nameOf(part?.code)}: ${measured(part)}`).join(", ");
  return quantityOf(valueQuantity) ?? nameOf(valueCodeableConcept) ?? valueString ?? valueBoolean ?? valueDateTime;
}
