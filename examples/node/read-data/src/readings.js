/** The readings that are under way, one for a browser at most; they go on while nobody looks. */

import { messageOf } from "./failure.js";

/**
 * @import { AllFilesReading } from "digime-sdk"
 * @import { Digime } from "./digime.js"
 * @import { Store } from "./store.js"
 */

export class Readings {
  #digime;
  #store;

  /** @type {Map<string, () => void>} What stops the reading of a browser's session. */
  #underWay = new Map();

  /**
   * @param {Digime} digime
   * @param {Store} store
   */
  constructor(digime, store) {
    this.#digime = digime;
    this.#store = store;
  }

  /**
   * Reads in place of what was read before.
   * @param {string} sessionId
   * @param {string} sessionKey
   */
  begin(sessionId, sessionKey) {
    this.#underWay.get(sessionId)?.();
    const id = this.#store.beginReading(sessionId);
    const { response, stopPolling } = this.#digime.readFiles(sessionId, sessionKey, {
      onFileData: (file) => {
        const { fileName, fileMetadata, lastModified, fileData } = file;
        this.#store.saveFile(id, { name: fileName, metadata: fileMetadata, lastModified, content: fileData });
      },
      onFileError: ({ fileName, error }) => this.#store.saveFile(id, { name: fileName, problem: error.message }),
      onStatusChange: (state) => this.#store.saveState(id, state),
      onProgress: (progress) => this.#store.saveProgress(id, progress),
    });
    this.#underWay.set(sessionId, stopPolling);
    this.#finish(id, response).finally(() => {
      if (this.#underWay.get(sessionId) === stopPolling) this.#underWay.delete(sessionId);
    });
  }

  /**
   * @param {number} id
   * @param {AllFilesReading["response"]} response
   */
  async #finish(id, response) {
    try {
      const { status } = await response;
      this.#store.endReading(id, { status });
    } catch (error) {
      this.#store.endReading(id, { failure: messageOf(error) });
    }
  }
}
