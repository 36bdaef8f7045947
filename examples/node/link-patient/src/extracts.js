/** Where what was extracted is kept: here how much there was, in a real application the data themselves. */

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @typedef {object} Extract What there was of a record when it was extracted.
 * @property {string} [lastChange] The change that it was extracted for.
 * @property {string} extractedAt
 * @property {Part[]} parts
 */

/**
 * @typedef {object} Part
 * @property {string} surface The API of PKB's that it is from.
 * @property {string} name
 * @property {number} count
 */

export class Extracts {
  #folder;

  /** @param {string} folder Of a file for each record. */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * The last of a record.
   * @param {string} publicId
   * @returns {Promise<Extract | undefined>}
   */
  async find(publicId) {
    try {
      return JSON.parse(await readFile(this.#path(publicId), "utf8"));
    } catch (error) {
      if (Object(error).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /**
   * Takes the place of the one before, whole or not at all.
   * @param {string} publicId
   * @param {Extract} extract
   */
  async keep(publicId, extract) {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#path(publicId);
    await writeFile(`${path}.new`, JSON.stringify(extract));
    await rename(`${path}.new`, path);
  }

  /** @param {string} publicId */
  async forget(publicId) {
    await rm(this.#path(publicId), { force: true });
  }

  /** @param {string} publicId A UUID, as the SDK has made sure. */
  #path(publicId) {
    return join(this.#folder, `${publicId}.json`);
  }
}
