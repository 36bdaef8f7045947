/** The way to digi.me's consent page and back, where the reading begins. */

import { randomBytes } from "node:crypto";
import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, isEqual, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Readings } from "./readings.js"
 * @import { Attempt, Store } from "./store.js"
 */

/** What digi.me's error codes mean to a person. */
const REASONS = new Map([
  ["USER_CANCEL", "You chose not to share. That is fine: nothing was read, and nothing has changed."],
  ["INVALID_CODE", "The link to digi.me had expired. Connect again."],
]);

/**
 * @param {Digime} digime
 * @param {Store} store
 * @param {Readings} readings
 */
export function connectRoutes(digime, store, readings) {
  const router = Router();

  router.post("/connect", express.urlencoded({ extended: false }), checkForm, async (_request, response) => {
    const { id } = sessionOf(response);
    const state = randomBytes(32).toString("base64url");
    const { url, codeVerifier, session } = await digime.authorize(id, state);
    store.beginAttempt(id, { state, codeVerifier, sessionKey: session.key });
    response.redirect(303, url);
  });

  router.get("/return", async (request, response) => {
    const { success, state, code, errorCode } = request.query;
    if (success !== "true") {
      show(response, "message", {
        title: "Not connected",
        text: REASONS.get(String(errorCode)) ?? "digi.me could not connect you. Try again in a few minutes.",
        details: errorCode ? [["Code of digi.me", String(errorCode)]] : [],
      });
      return;
    }
    const { id } = sessionOf(response);
    const { codeVerifier, sessionKey } = takeAttempt(id, state);
    if (typeof code !== "string" || code === "") throw new PageError(400, "Not connected", "digi.me sent no code.");
    await digime.exchangeCode(id, { codeVerifier, authorizationCode: code });
    store.saveSources(id, await digime.findSources(id));
    // digi.me began to fetch when the person agreed: the session of the authorisation is the one to read.
    readings.begin(id, sessionKey);
    // So that the code is neither in the address bar nor used again on reload.
    response.redirect(303, "/data");
  });

  /**
   * The authorisation that this browser began, if the state proves that it comes back from it. It serves once.
   * @param {string} sessionId
   * @param {unknown} state
   * @returns {Attempt}
   */
  function takeAttempt(sessionId, state) {
    const attempt = store.findAttempt(sessionId);
    if (!attempt || !isEqual(attempt.state, state)) {
      const text = "It was not begun in this browser, or has been used already. Connect again from the start page.";
      throw new PageError(400, "This way back is not known", text);
    }
    store.endAttempt(sessionId);
    return attempt;
  }

  return router;
}
