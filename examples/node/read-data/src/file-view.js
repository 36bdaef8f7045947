/** How a file is shown: what it is called, and its content as tables, as text, as an image, or not at all. */

import { tablesOf } from "./fhir-tables.js";

/** @import { File } from "./store.js" */

const LONGEST_TEXT = 200_000;

/** @typedef {Pick<File, "name" | "metadata">} Described */

/**
 * @typedef {object} View One of these, or none of them.
 * @property {import("./fhir-tables.js").Table[]} [tables]
 * @property {string} [text]
 * @property {boolean} [isCut] Whether the text goes on.
 * @property {boolean} [isImage]
 */

/**
 * The name to save it under: what the application that pushed it calls it, or else digi.me.
 * @param {Described} file
 */
export function fileNameOf({ name, metadata }) {
  return String(metadata.reference?.[0] ?? name);
}

/**
 * What a person would call it: the kind of its objects, if digi.me has mapped it.
 * @param {Described} file
 */
export function titleOf(file) {
  return String(file.metadata.objectType ?? fileNameOf(file));
}

/**
 * @param {File} file
 * @returns {View}
 */
export function contentOf({ metadata, content }) {
  const mediaType = String(metadata.mimetype ?? "application/json");
  if (mediaType.startsWith("image/")) return { isImage: true };
  if (/^application\/(.+\+)?json\b/.test(mediaType)) return jsonOf(content.toString("utf8"));
  if (mediaType.startsWith("text/")) return textOf(content.toString("utf8"));
  return {};
}

/**
 * @param {string} text
 * @returns {View}
 */
function jsonOf(text) {
  const document = parsed(text);
  if (document === undefined) return textOf(text);
  const tables = tablesOf(document);
  return tables.length > 0 ? { tables } : textOf(JSON.stringify(document, undefined, 2));
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} text
 * @returns {View}
 */
function textOf(text) {
  return { text: text.slice(0, LONGEST_TEXT), isCut: text.length > LONGEST_TEXT };
}
