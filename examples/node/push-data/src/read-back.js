/** Whether what was pushed to the library comes out of it as it went in. */

import { createHash, randomBytes } from "node:crypto";
import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Library } from "./library.js"
 * @import { Store } from "./store.js"
 */

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
   * @param {string} sessionId
   * @returns {Promise<string>} Where to send the person.
   */
  async begin(sessionId) {
    const sessionKey = await this.#library.openSession(sessionId);
    if (sessionKey) {
      await this.#read(sessionId, sessionKey);
      return "/read-back";
    }
    const token = await this.#digime.currentToken(sessionId);
    if (!token) throw new PageError(409, "Not connected yet", "Connect your library from the start page.");
    const state = randomBytes(32).toString("base64url");
    const { url, codeVerifier, session } = await this.#library.authorize(state, token);
    this.#store.beginAttempt(sessionId, { state, codeVerifier, destination: "library", sessionKey: session.key });
    return url;
  }

  /**
   * Reads what the person has just agreed to.
   * @param {string} sessionId
   * @param {{ codeVerifier: string, authorizationCode: string }} grant
   * @param {string} sessionKey
   */
  async comeBack(sessionId, grant, sessionKey) {
    await this.#library.exchangeCode(sessionId, grant);
    await this.#read(sessionId, sessionKey);
  }

  /**
   * @param {string} sessionId
   * @param {string} sessionKey
   */
  async #read(sessionId, sessionKey) {
    const pushed = new Set(this.#store.listPushes(sessionId).map(({ sha256 }) => sha256));
    this.#store.forgetReadBack(sessionId);
    await this.#library.readFiles(sessionId, sessionKey, ({ fileData, fileMetadata }) => {
      const sha256 = createHash("sha256").update(fileData).digest("hex");
      // What else the library holds is none of this app's business.
      if (pushed.has(sha256))
        this.#store.saveReadBack(sessionId, { sha256, metadata: fileMetadata, content: fileData });
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
    response.redirect(303, await readBack.begin(sessionOf(response).id));
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
