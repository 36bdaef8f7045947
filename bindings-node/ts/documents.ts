/** Documents: how the text of one becomes a value, and where the text is found again. */

import type { Documents } from "../native";

/** The texts of the documents that were handed out, for as long as those are in use. */
const texts = new WeakMap<object, string>();

/**
 * The JSON text of a document that the SDK handed out, as it came: a FHIR resource or page, the body of an answer, an account, an
 * entry of a list of files. JavaScript's numbers have no room for `1.10` or for more than 17 digits; this has. What was changed in the
 * object since is not in it. For anything else, a part of a document too, it is `undefined`.
 */
export function jsonText(document: unknown): string | undefined {
  return typeof document === "object" && document !== null ? texts.get(document) : undefined;
}

/** Puts the documents in their places. */
export function putInPlace(documents: Documents | undefined): void {
  if (!documents) return;
  for (let next = 0; next < documents.length; next += 3) {
    const [holder, name, text] = documents.slice(next, next + 3) as [Record<PropertyKey, unknown>, PropertyKey, string];
    const document: unknown = JSON.parse(text);
    if (typeof document === "object" && document !== null) texts.set(document, text);
    holder[name] = document;
  }
}
