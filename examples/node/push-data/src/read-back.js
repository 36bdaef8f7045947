/** Whether what was pushed to the library comes out of it as it went in. */

import { createHash } from "node:crypto";
import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Library } from "./library.js"
 * @import { Session, Store } from "./store.js"
 */

/** Where people come back to from the consent to reading: a way back is completed with its own contract. */
export const READ_BACK_RETURN = "/read-back/return";

export class ReadBack {
  #digime;
  #library;
  #store;

  /**
   * @param {Digime} digime
   * @param {Library} library
   * @param {Store} store
   */
  constructor(digime, library, store) {
    this.#digime = digime;
    this.#library = library;
    this.#store = store;
  }

  /**
   * Reads at once if the person has agreed to it before.
   * @param {Session} session
   * @returns {Promise<string>} Where to send the person.
   */
  async begin(session) {
    const sessionKey = await this.#library.openSession(session.userId);
    if (sessionKey) {
      await this.#read(session, sessionKey);
      return "/read-back";
    }
    if (!(await this.#digime.isConnected(session.userId))) {
      throw new PageError(409, "Not connected yet", "Connect your library from the start page.");
    }
    return this.#library.begin(session.userId);
  }

  /**
   * Reads what the person has just agreed to.
   * @param {Session} session
   * @param {string} callbackUrl
   */
  async comeBack(session, callbackUrl) {
    await this.#read(session, await this.#library.comeBack(session.userId, callbackUrl));
  }

  /** @param {string} appUserId */
  async disconnect(appUserId) {
    await this.#library.disconnect(appUserId);
  }

  /**
   * @param {Session} session
   * @param {string} sessionKey
   */
  async #read({ id, userId }, sessionKey) {
    const pushed = new Set(this.#store.listPushes(id).map(({ sha256 }) => sha256));
    this.#store.forgetReadBack(id);
    await this.#library.readFiles(userId, sessionKey, ({ fileData, fileMetadata }) => {
      const sha256 = createHash("sha256").update(fileData).digest("hex");
      // What else the library holds is none of this app's business.
      if (pushed.has(sha256)) this.#store.saveReadBack(id, { sha256, metadata: fileMetadata, content: fileData });
    });
  }
}

/**
 * @param {ReadBack} readBack
 * @param {Store} store
 */
export function readBackRoutes(readBack, store) {
  const router = Router();

  router.post("/read-back", express.urlencoded({ extended: false }), checkForm, async (_request, response) => {
    response.redirect(303, await readBack.begin(sessionOf(response)));
  });

  router.get(READ_BACK_RETURN, async (request, response) => {
    await readBack.comeBack(sessionOf(response), request.originalUrl);
    response.redirect(303, "/read-back");
  });

  router.get("/read-back", (_request, response) => {
    const session = sessionOf(response);
    show(response, "read-back", { session, files: store.listReadBack(session.id) });
  });

  router.get("/read-back/:sha256", (request, response) => {
    const content = store.findReadBack(sessionOf(response).id, request.params.sha256);
    if (!content) throw new PageError(404, "There is no such file", "Read it back first.");
    // Whatever it is, it is for saving: no browser may run what is in it.
    response.set("Content-Security-Policy", "sandbox; default-src 'none'");
    response.attachment().type("application/octet-stream").send(content);
  });

  return router;
}
