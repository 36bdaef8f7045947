/** The readings that are under way, one for a browser at most; they go on while nobody looks. */

import { messageOf } from "./failure.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Session, Store } from "./store.js"
 */

/** Much less than after how much time without a sign of life a reading counts for broken off. */
const SIGN_OF_LIFE_MILLISECONDS = 20_000;

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
   * Reads in place of what was read before. A way back that is loaded twice begins nothing twice.
   * @param {Session} session
   * @param {string} sessionKey
   */
  begin({ id: sessionId, userId }, sessionKey) {
    if (this.#store.findReading(sessionId)?.sessionKey === sessionKey) return;
    this.#underWay.get(sessionId)?.();
    const id = this.#store.beginReading(sessionId, sessionKey);
    const { response, stopPolling } = this.#digime.readFiles(userId, sessionKey, {
      onFileData: (file) => {
        const { fileName, fileMetadata, lastModified, fileData } = file;
        this.#store.saveFile(id, { name: fileName, metadata: fileMetadata, lastModified, content: fileData });
      },
      onFileError: ({ fileName, error }) => this.#store.saveFile(id, { name: fileName, problem: error.message }),
      onStatusChange: (state) => this.#store.saveState(id, state),
      onProgress: (progress) => this.#store.saveProgress(id, progress),
    });
    this.#underWay.set(sessionId, stopPolling);
    const signs = setInterval(() => this.#store.touchReading(id), SIGN_OF_LIFE_MILLISECONDS);
    this.#finish(id, response).finally(() => {
      clearInterval(signs);
      if (this.#underWay.get(sessionId) === stopPolling) this.#underWay.delete(sessionId);
    });
  }

  /**
   * @param {number} id
   * @param {ReturnType<Digime["readFiles"]>["response"]} response
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
